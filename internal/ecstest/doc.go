// Package ecstest is a strict local stand-in for the snapshot half of Alibaba Cloud ECS, with the services that hand out
// credentials beside it: STS, a credentials URI and the metadata service of an instance. One http.Handler answers for all
// of them, told apart by path, Action and Version.
//
// It is written from the API's document and imports nothing of the provider, so that it can judge what the provider
// sends. Where the document is silent, the stricter reading is taken; the comment at that place says which.
//
// Faults are off until a test injects them; see Fault.
package ecstest
