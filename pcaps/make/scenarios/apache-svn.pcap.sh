# Subversion over mod_dav_svn: checkout, a commit, an update, a commit that conflicts, a locked file.
# Many REPORT, CHECKOUT and MERGE with roots of their own; the PROPFINDs and PROPPATCHes are multistatus.
svnadmin create "$work/repository"
chown -R www-data "$work/repository"
apache "LoadModule dav_svn_module /usr/lib/apache2/modules/mod_dav_svn.so" \
    "<Location /svn>" "DAV svn" "SVNPath $work/repository" "SVNAdvertiseV2Protocol Off" "</Location>"
capture

svn() # ARGUMENTS
{
    on_client /usr/bin/svn --config-dir "$work/svnconf" --non-interactive -q "$@" >>"$work/client.log" 2>&1 || true
}
svn checkout http://dav.example/svn "$work/one"
mkdir "$work/one/trunk"
echo one >"$work/one/trunk/readme.txt"
echo ä >"$work/one/trunk/größe & more.txt"
svn add "$work/one/trunk"
svn propset colour blue "$work/one/trunk/readme.txt"
svn commit -m 'first' "$work/one"
svn checkout http://dav.example/svn "$work/two"
echo two >>"$work/one/trunk/readme.txt"
svn commit -m 'second' "$work/one"
echo three >>"$work/two/trunk/readme.txt"
svn commit -m 'conflict' "$work/two"
svn update "$work/one"
svn ls -v http://dav.example/svn/trunk
svn lock "$work/one/trunk/readme.txt" --username demo --password demo
svn propset --revprop -r 1 svn:log 'better words' http://dav.example/svn
svn rm -m 'remove' http://dav.example/svn/trunk
