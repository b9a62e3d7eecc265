// Package ecstest is a strict local stand-in for the snapshot half of Alibaba Cloud ECS, with the services that hand out
// credentials beside it: STS, a credentials URI and the metadata service of an instance. One http.Handler answers for all
// of them, told apart by path, Action and Version.
//
// It is written from the API's documents and imports nothing of the provider, so that it can judge what the provider
// sends: it takes what the documents allow and refuses the rest. Where they are silent, it takes the stricter reading, and
// a comment says which.
//
// Faults are off until a test injects them; see Fault. The files named fault_ hold them by what they are about: what the
// documents announce to end (ends), pages and tokens (paging), refusals (refuse, codes), replies (reply, values), the
// connection (transport), and servers that mean ill (body, text).
package ecstest
