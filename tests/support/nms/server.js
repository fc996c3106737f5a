// node-media-server: records what is published, and pushes it on if it is told where to.
const NodeMediaServer = require("node-media-server");

const [port, folder, pushTo] = process.argv.slice(2);
const server = new NodeMediaServer({
  bind: "127.0.0.1",
  rtmp: { port: Number(port) },
  record: { path: folder },
  store: { path: `${folder}/data` },
});
server.on("postPublish", (session) => {
  if (pushTo) {
    server.relayServer.addTask({ url: pushTo, mode: "push", streamPath: session.streamPath });
  }
});
server.run();
