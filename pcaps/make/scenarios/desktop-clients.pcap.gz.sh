# lftp, HTTP::DAV (Perl) and kioclient5 (KDE) with Apache: listings, folders made, moved and removed; one of them
# in which somebody else locked a file.
mkdir -p "$www/docs" "$work/home/up"
echo text >"$www/docs/x.txt"
echo text >"$www/y z.txt"
echo new >"$work/home/up/n.txt"
apache
capture

export HOME=$work/home XDG_RUNTIME_DIR=$work/home QT_QPA_PLATFORM=offscreen
chmod 700 "$HOME"
url=http://dav.example
on_client lftp -e "set cmd:fail-exit no; set net:max-retries 1; ls; cd docs; ls; put $HOME/up/n.txt; mv n.txt m.txt; mkdir a; rm m.txt; cd ..; mirror -R $HOME/up up; rm -r up; bye" $url/ \
    >>"$work/client.log" 2>&1 || true
on_client perl -MHTTP::DAV -e '
    my ($ann, $bob) = (HTTP::DAV->new, HTTP::DAV->new);
    $_->open(-url => "http://dav.example/") for $ann, $bob;
    $ann->mkcol("perl");
    $ann->lock("docs/x.txt");
    $ann->put(-local => \"text", -url => "docs/x.txt");
    $ann->copy("docs", "perl/docs");
    $ann->propfind(-url => "perl", -depth => 1);
    $bob->delete("docs");
    $bob->lock(-url => "docs", -depth => "infinity");
    $ann->unlock("docs/x.txt");
    $bob->delete("docs");' >>"$work/client.log" 2>&1
kde()
{
    # Its helpers write logs where they stand.
    (cd "$HOME" && on_client timeout 20 dbus-run-session -- kioclient5 --noninteractive "$@") \
        >>"$work/client.log" 2>&1 || true
}
kde ls webdav://dav.example/
kde copy "$HOME/up/n.txt" webdav://dav.example/perl/n.txt
kde move webdav://dav.example/perl/n.txt webdav://dav.example/perl/m.txt
lock $url/perl/docs/x.txt >"$work/token"
kde remove webdav://dav.example/perl
