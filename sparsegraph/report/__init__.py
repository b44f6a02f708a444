"""An analysis and its views: the JSON document (the contract), the page in the terminal, the comparison of several."""
