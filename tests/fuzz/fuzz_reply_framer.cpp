#include "drivers/transport/reply_framer.h"

#include <cstdlib>

using namespace birch;
using State = ReplyFramer::State;

namespace {

void require(bool holds)
{
    if (!holds)
        std::abort();
}

bool isFinal(State state)
{
    return state == State::Complete || state == State::TooLong || state == State::BadHeader;
}

} // namespace

/// However the bytes are cut, a reply ends at the same place.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    const QByteArray terminators[] = {"\n", "\r\n", "\r", "\n\r", "END"};
    const QByteArray terminator = terminators[data[0] % 5];
    const auto shape = ReplyShape(data[1] % 3);
    const QByteArrayView arrived(reinterpret_cast<const char *>(data) + 2, qsizetype(size) - 2);
    constexpr qsizetype kLimit = 300;
    ReplyFramer framer(terminator, kLimit);
    framer.begin(shape);
    const auto whole = framer.examine(arrived);
    require(whole.reply <= whole.consumed && whole.consumed <= arrived.size());
    require(whole.state != State::Complete || whole.reply <= kLimit);
    framer.begin(shape);
    for (qsizetype count = 0; count <= arrived.size(); ++count) {
        const auto seen = framer.examine(arrived.first(count));
        require(seen.consumed <= count);
        if (!isFinal(seen.state))
            continue;
        require(seen.state == whole.state || seen.state == State::TooLong);
        if (seen.state == State::Complete)
            require(seen.reply == whole.reply && seen.consumed == whole.consumed);
        return 0;
    }
    require(!isFinal(whole.state));
    return 0;
}
