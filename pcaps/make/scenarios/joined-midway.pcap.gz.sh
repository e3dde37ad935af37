# The capture began while a long listing was under way: its beginning is missing. The same connection
# goes on with a short one, and others follow.
mkdir -p "$www/many"
(cd "$www/many" && for n in $(seq -w 4000); do : >"IMG_$n.jpg"; done)
# A small receive window, so that the server cannot have sent all before the capture begins.
on_client sh -c 'echo 4096 16384 32768 >/proc/sys/net/ipv4/tcp_rmem'
apache
find='<?xml version="1.0"?><propfind xmlns="DAV:"><prop><getcontentlength/><resourcetype/></prop></propfind>'
on_client curl -sS --limit-rate 150k -X PROPFIND -H 'Depth: 1' --data-binary "$find" -o /dev/null http://dav.example/many/ \
    --next -sS -X PROPFIND -H 'Depth: 0' --data-binary "$find" -o /dev/null http://dav.example/many/ &
client=$!
sleep 0.6
capture
wait $client
propfind http://dav.example/many/IMG_0001.jpg 0 "$find"
