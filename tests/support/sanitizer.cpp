// SPDX-License-Identifier: LGPL-2.1-or-later
// What sanitizers can't know about libraries that were built without them. Linked into every test.
#ifdef __SANITIZE_THREAD__

extern "C" const char* __tsan_default_suppressions();

extern "C" const char* __tsan_default_suppressions()
{
    // Descriptors are told apart by number only, but phones are asked on threads with descriptor tables of
    // their own. Exceptions and their messages are counted by libstdc++, and shared algorithms by OpenSSL,
    // atomically, where it isn't seen.
    return "called_from_lib:libusbmuxd-2.0.so\n"
           "called_from_lib:libimobiledevice-1.0.so\n"
           "called_from_lib:libcrypto.so\n"
           "called_from_lib:libssl.so\n"
           "race:std::__exception_ptr::exception_ptr::_M_release\n"
           "race:std::runtime_error::~runtime_error\n";
}

#endif

#ifdef __SANITIZE_ADDRESS__

extern "C" const char* __lsan_default_suppressions();

extern "C" const char* __lsan_default_suppressions()
{
    return "leak:libx265.so\n"; // the encoder of test pictures keeps some of its memory
}

#endif
