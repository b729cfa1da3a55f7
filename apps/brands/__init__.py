"""Who the merchant is: brand, settings, clock row, location groups, locations, terminals, employees, API credentials."""
