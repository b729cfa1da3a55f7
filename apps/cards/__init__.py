"""Cards: inventory, numbers, PINs, status, enrolment, and the gate that every verb passes."""
