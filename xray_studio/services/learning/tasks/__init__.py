"""What each model that is trained here is, and which films it is made for."""
