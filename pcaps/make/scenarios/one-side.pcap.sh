# Only what the server said: no request is in the capture.
mkdir -p "$www/tree/readonly"
echo text >"$www/tree/readonly/kept.txt"
apache
chown root "$www/tree/readonly"
chmod 555 "$www/tree/readonly"
capture src port 80 and

propfind http://dav.example/tree/ 1 '<?xml version="1.0"?><propfind xmlns="DAV:"><prop><getcontentlength/><resourcetype/></prop></propfind>'
dav GET http://dav.example/tree/readonly/kept.txt
dav DELETE http://dav.example/tree/
