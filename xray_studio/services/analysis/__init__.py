"""The whole pipeline on films: view, enhancement, findings, heat maps, draft, objects, one page."""
