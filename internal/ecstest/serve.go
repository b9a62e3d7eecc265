package ecstest

import (
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// The actions that are answered, as Call, CallCount and InjectInto name them. Those of the credentials URI and of the
// metadata service are names of this package, for there the path says what is asked.
const (
	ActionDescribeSnapshots   = "DescribeSnapshots"
	ActionAssumeRole          = "AssumeRole"
	ActionAssumeRoleWithOIDC  = "AssumeRoleWithOIDC"
	ActionCredentialsURI      = "CredentialsURI"
	ActionMetadataToken       = "MetadataToken"
	ActionMetadataRole        = "MetadataRole"
	ActionMetadataCredentials = "MetadataCredentials"
)

// The paths beside "/", which is for ECS and STS.
const (
	CredentialsPath         = "/credentials"
	metadataTokenPath       = "/latest/api/token"
	metadataCredentialsPath = "/latest/meta-data/ram/security-credentials/"
)

// Exchange is one call while it is being answered.
type Exchange struct {
	Service *Service
	Request *http.Request
	Action  string
	Call    int // Its number among the calls of its action, from 1.

	// Params is everything in query and form. A fault may change it before the answer is made; Calls keeps what was
	// sent.
	Params url.Values

	requestID  string
	longPage   int // Snapshots beyond what the page should have.
	pageCap    int // The largest size of a page; zero for the size that is asked for.
	shortToken int // The most snapshots on a page in the token style; zero for as many as asked.
}

// Page is the number of the page that is asked for, from 1: the PageNumber, or in the token style how many pages the
// token has behind it. It is 1 for a call that is not about pages.
func (x *Exchange) Page() int {
	if token := x.Params.Get("NextToken"); token != "" {
		if c, err := parseToken(token); err == nil {
			return c.page
		}
	}
	if n, err := strconv.Atoi(x.Params.Get("PageNumber")); err == nil {
		return n
	}
	return 1
}

// Handler makes the answer to a call.
type Handler func(*Exchange) *Reply

// operation is how one action is served. What a check refuses never reaches the faults: even a client that is being
// throttled has to sign its calls.
type operation struct {
	checks []func(*Exchange) *apiError
	handle Handler
}

// ServeHTTP answers one call.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	parseErr := r.ParseForm()
	action, op := route(r)
	call := &Call{Action: action, Params: cloneValues(r.Form), Header: r.Header.Clone()}
	x := &Exchange{
		Service:   s,
		Request:   r,
		Action:    action,
		Call:      s.begin(call),
		Params:    cloneValues(r.Form),
		requestID: s.newRequestID(),
	}
	var reply *Reply
	if parseErr != nil {
		reply = x.errorReply(invalidParameter("The request cannot be read: %v.", parseErr))
	} else {
		reply = s.answer(x, op)
	}
	w.Header().Set("Date", s.clock().UTC().Format(http.TimeFormat))
	s.settle(call, reply)
	reply.writeTo(w, r)
}

func (s *Service) answer(x *Exchange, op operation) *Reply {
	for _, check := range op.checks {
		if err := check(x); err != nil {
			return x.errorReply(err)
		}
	}
	return through(s.faultsOf(x.Action), op.handle)(x)
}

// route finds out what a call wants.
func route(r *http.Request) (action string, op operation) {
	switch path := r.URL.Path; {
	case (path == "/" || path == "") && isACS3(r):
		return r.Header.Get("X-Acs-Action"), operation{checks: []func(*Exchange) *apiError{refuseACS3}}
	case path == "/" || path == "":
		return routeAction(r.Form.Get("Action"))
	case path == CredentialsPath && r.Method == http.MethodGet:
		return ActionCredentialsURI, operation{handle: (*Exchange).credentials}
	case path == metadataTokenPath && r.Method == http.MethodPut:
		return ActionMetadataToken, operation{handle: (*Exchange).metadataToken}
	case path == metadataCredentialsPath && r.Method == http.MethodGet:
		return ActionMetadataRole, operation{handle: (*Exchange).metadataRole}
	case strings.HasPrefix(path, metadataCredentialsPath) && r.Method == http.MethodGet:
		return ActionMetadataCredentials, operation{handle: (*Exchange).metadataCredentials}
	}
	return "", operation{handle: (*Exchange).nothingHere}
}

func routeAction(action string) (string, operation) {
	type checks = []func(*Exchange) *apiError
	switch action {
	case ActionDescribeSnapshots:
		return action, operation{
			checks: checks{checkParameters(isDescribeParameter), checkCommon(ecsVersion), (*Exchange).authenticate},
			handle: (*Exchange).describeSnapshots,
		}
	case ActionAssumeRole:
		return action, operation{
			checks: checks{checkParameters(isAssumeRoleParameter), checkCommon(stsVersion), (*Exchange).authenticate},
			handle: (*Exchange).assumeRole,
		}
	case ActionAssumeRoleWithOIDC:
		// The token takes the place of a signature.
		return action, operation{
			checks: checks{checkParameters(isOIDCParameter), checkCommon(stsVersion)},
			handle: (*Exchange).assumeRoleWithOIDC,
		}
	}
	return action, operation{handle: (*Exchange).unknownAction}
}

func (x *Exchange) nothingHere() *Reply {
	x.Service.violate(x.Request.Method + " " + x.Request.URL.Path + ": nothing is there")
	return plainReply(http.StatusNotFound, "404 - Not Found")
}

func (x *Exchange) unknownAction() *Reply {
	x.Service.violate("unknown action " + strconv.Quote(x.Action))
	return x.errorReply(errUnknownAction)
}

func cloneValues(values url.Values) url.Values {
	clone := maps.Clone(values)
	for name := range clone {
		clone[name] = append([]string(nil), clone[name]...)
	}
	return clone
}
