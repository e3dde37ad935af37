# Clients for the command line at work with Apache and chezdav: davix, hdav, nd, dave. hdav locks the file that it
# is about to delete, and does not send its token.
mkdir -p "$www/docs/sub" "$work/chez/docs/sub"
for folder in "$www" "$work/chez"; do
    echo text >"$folder/docs/a & b.txt"
    echo text >"$folder/docs/Übersicht 100%.txt"
    echo text >"$folder/docs/sub/deep.txt"
done
apache
chezdav --no-mdns --public -p 8101 -P "$work/chez" >"$work/chez.log" 2>&1 &
wait_for 8101
echo up >"$work/up.txt"
capture

client() # COMMAND...: what it says, also that it failed, is kept
{
    (cd "$work" && on_client "$@") >>"$work/client.log" 2>&1 || echo "failed: $*" >>"$work/client.log"
}
for server in http://dav.example http://dav.example:8101; do
    client davix-ls -l $server/docs/
    client davix-put up.txt $server/docs/up.txt
    client davix-mkdir $server/docs/new/
    client davix-mv $server/docs/up.txt $server/docs/new/up.txt
    client hdav put up.txt $server/docs/h.txt
    client hdav getprops $server/docs/h.txt
    client hdav copy $server/docs/h.txt $server/docs/h2.txt
    client hdav delete $server/docs/h.txt
    client nd -v $server/docs/
    printf '%s\n' ls 'put up.txt d.txt' 'propfind d.txt' 'lock d.txt' 'unlock d.txt' 'delete d.txt' ls quit |
        client dave $server/docs/
done
