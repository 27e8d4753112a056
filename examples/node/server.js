'use strict';
const http = require('node:http');

const port = Number(process.env.PORT || 8080);
const host = process.env.HOST || '0.0.0.0';
let served = 0;

const server = http.createServer((request, response) => {
  served += 1;
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify({
    app: process.env.HOLT_APP || 'node',
    index: Number(process.env.HOLT_INDEX || 0),
    runtime: `node ${process.version}`,
    served,
  }) + '\n');
});

server.listen(port, host, () => console.log(`listening at port ${port}`));

process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  setTimeout(() => process.exit(0), 1000).unref();
});
