"""What is unusual in pictures: detectors, their maps of scores, regions and peaks."""
