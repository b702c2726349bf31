"""Reports on this machine: their films, their keeping, their files, what people made of drafts."""
