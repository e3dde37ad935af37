# Segments larger than any frame, and checksums not yet filled in: the capture sits above the network
# card's offloading.
mkdir -p "$www/docs"
for n in $(seq 300); do echo "document $n" >"$www/docs/document-$n.txt"; done
ethtool -K srv0 tso on gso on tx on >/dev/null
on_client ethtool -K cli0 gro on rx on >/dev/null
apache
capture

propfind http://dav.example/docs/ 1 '<?xml version="1.0"?><propfind xmlns="DAV:"><prop><getcontentlength/><getetag/></prop></propfind>'
