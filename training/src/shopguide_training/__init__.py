"""How the models of shopguide are made and judged."""
