// Work on many things at once: a queue of numbers that several threads take from. Used where a file can be handled
// without looking at any other; what comes out is put where its number says, so that nothing hangs on who was first.
#pragma once

#include <cstddef>
#include <functional>

namespace gabion::source {

/// How many threads the machine can run at once, at least one.
[[nodiscard]] std::size_t available_jobs();

/// Calls `work(index, worker)` once for each index below `count`, on up to `jobs` threads of which the caller's is one;
/// returns when all are done. No two calls with the same worker, a number below `jobs`, run at the same time. Where no
/// more threads can be had, the others do their work. An exception ends the work and is thrown again.
void work_on(std::size_t count, std::size_t jobs,
             const std::function<void(std::size_t index, std::size_t worker)>& work);

}  // namespace gabion::source
