"""Publishing: releases on a disk or in a bucket, the way back, and the look at what is served."""
