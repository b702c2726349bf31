"""What an export would tell of the patient, before it is written."""
