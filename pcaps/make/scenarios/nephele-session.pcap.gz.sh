# Nephele (npm): a walk through all methods. It says by a 207 what others say by a plain status.
. scenarios/tour.inc
node_server nephele.mjs 8110
capture
tour http://dav.example:8110
