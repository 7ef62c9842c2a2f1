#pragma once

#include "tests/support/scripted_server.h"

namespace birch::test {

/// An HTTP server that takes whatever is posted; what came is in received().
inline void takePosts(Peer &peer)
{
    size_t length = 0;
    while (true) {
        const std::string line = peer.readLine("\r\n");
        if (line.rfind("Content-Length: ", 0) == 0)
            length = std::stoul(line.substr(16));
        if (line.empty())
            break;
    }
    while (length > 0)
        length -= peer.read(length).size();
    peer.write("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
    peer.cut();
}

} // namespace birch::test
