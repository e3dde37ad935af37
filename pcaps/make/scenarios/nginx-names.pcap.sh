# nginx-dav-ext writes file names as they are on the disk: one in Latin-1, one with a control character.
mkdir -p "$www/latin" "$www/control" "$www/good"
echo text >"$www/good/Müller.txt"
echo text >"$www/latin/$(printf 'M\374ller.txt')"
echo text >"$www/control/$(printf 'report\002.txt')"
nginx_dav
capture
for folder in good latin control; do
    propfind http://dav.example:8081/$folder/ 1 '<?xml version="1.0"?><propfind xmlns="DAV:"><prop><displayname/><resourcetype/><getlastmodified/></prop></propfind>' -A 'FileView/1.4'
done
propfind http://dav.example:8081/nowhere/ 0 '<?xml version="1.0"?><propfind xmlns="DAV:"><prop><displayname/></prop></propfind>' -A 'FileView/1.4'
