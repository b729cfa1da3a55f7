"""The few database pieces that every app uses: fields, constraints, triggers and the cursor of the hot path."""
