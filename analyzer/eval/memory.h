// What becomes of the program when the library of numbers gets no memory: it would abort, since it has no way to say
// so. Called once by main().
#pragma once

namespace gabion::eval {

/// From now on `end` is called instead; it must not return. For the whole process, before anything is evaluated.
void on_memory_shortage(void (*end)());

}  // namespace gabion::eval
