#!/bin/sh
# Makes dist/server.jar with nothing but the JDK.
set -eu
cd "$(dirname "$0")"
bin=${JAVA_HOME:+$JAVA_HOME/bin/}
rm -rf dist && mkdir -p dist/classes
"${bin}javac" -d dist/classes src/Server.java
"${bin}jar" --create --file dist/server.jar --main-class Server -C dist/classes .
rm -r dist/classes
echo "dist/server.jar is ready: holt push jar --path examples/jar/dist"
