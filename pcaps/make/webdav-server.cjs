// webdav-server on a folder, below /files/, user demo:demo: npm install webdav-server
// usage: webdav-server.cjs FOLDER PORT
const { v2 } = require("webdav-server");

const users = new v2.SimpleUserManager();
const privilegeManager = new v2.SimplePathPrivilegeManager();
privilegeManager.setRights(users.addUser("demo", "demo", false), "/", ["all"]);
const server = new v2.WebDAVServer({
    port: Number(process.argv[3]),
    hostname: "0.0.0.0",
    httpAuthentication: new v2.HTTPBasicAuthentication(users, "files"),
    privilegeManager,
});
server.setFileSystem("/files", new v2.PhysicalFileSystem(process.argv[2]), () => server.start(() => {}));
