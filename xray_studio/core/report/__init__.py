"""Reports: who wrote each sentence, what a person did with it, when it was signed, every version.

Pure values and functions; engines that write drafts, and files, are in services.
"""
