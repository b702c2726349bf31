"""De-identifies whole objects: files and folders in, a folder of new files out."""
