"""Who may use the portal: users, roles, restriction to a group or a location."""
