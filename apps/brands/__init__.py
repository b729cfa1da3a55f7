"""Who the merchant is: brand, settings, clock, location groups, locations, terminals, employees, API credentials."""
