"""What an aircraft is: datasheets with a source for every figure, their schema and loader."""
