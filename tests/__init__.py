"""The project's tests. They mirror `apps/`; `tests/journeys` tells whole stories."""
