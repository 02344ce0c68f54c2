// Places of loops in the texts of symbols: what is not known of the elements of a collection goes by the place of the
// loop over them ("var.l[*]@120.name"). Used where an edit in front of a loop must not make another text of it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gabion::eval {

/// Where the '@' before the next place of a loop is, from `from` on; npos when there is none. `behind`: where the last
/// one ended, or 0; behind a text that was cut more of them may follow.
[[nodiscard]] std::size_t find_loop_place(std::string_view text, std::size_t from, std::size_t behind);

/// Where the digits of the place end that begins with this '@'.
[[nodiscard]] std::size_t end_of_loop_place(std::string_view text, std::size_t at);

/// A text in which names of symbols stand, for people: without the places of loops and the hashes of what was cut.
[[nodiscard]] std::string without_places(std::string_view text);

}  // namespace gabion::eval
