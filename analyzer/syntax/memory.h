// What becomes of the program when a library in C that parses for us gets no memory: it would abort, since it has no
// way to say so. Called once by main().
#pragma once

namespace gabion::syntax {

/// From now on `end` is called instead; it must not return. For the whole process, before any file is parsed.
void on_memory_shortage(void (*end)());

}  // namespace gabion::syntax
