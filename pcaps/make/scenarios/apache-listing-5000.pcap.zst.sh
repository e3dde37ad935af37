# A folder with 5,000 files, listed once plain and once compressed.
mkdir -p "$www/many"
(cd "$www/many" && for n in $(seq -w 5000); do : >"IMG_$n.jpg"; done)
apache 'SetOutputFilter DEFLATE'
capture

for options in '' --compressed; do
    propfind http://dav.example/many/ 1 '<?xml version="1.0"?><propfind xmlns="DAV:"><prop><getcontentlength/><resourcetype/><quota-used-bytes/></prop></propfind>' $options
done
