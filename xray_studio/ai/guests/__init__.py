"""Networks that users bring: Hugging Face folders, ONNX files, plugins. Nothing is fetched."""
