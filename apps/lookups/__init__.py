"""Every composed read: search, histories, request and checkout look-up. Owns no tables."""
