"""What is learned: networks, their weights, training and inference. PyTorch lives here alone."""
