"""Speed and memory, as ratios taken side by side: `make bench`, or `python -m bench [--quick] [names]`."""
