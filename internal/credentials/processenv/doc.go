// Package processenv sets the process's environment right before the vendor's
// libraries and net/http read it: what they take from DEBUG (debug.go) and from
// NO_PROXY (proxy.go). The commands of External profiles inherit it so.
//
// They read it while packages are initialized, or at the first request. Go
// initializes the packages whose imports are ready in the order of their paths, so
// this one, which imports next to nothing, comes before net/http and all that
// imports it. It is imported for that alone.
package processenv
