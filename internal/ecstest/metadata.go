package ecstest

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// RoleName is the RAM role of the instance whose metadata the service answers with.
const RoleName = "test-instance-role"

// The headers of the metadata service's second version.
const (
	metadataTTLHeader   = "X-Aliyun-Ecs-Metadata-Token-Ttl-Seconds"
	metadataTokenHeader = "X-Aliyun-Ecs-Metadata-Token"
)

// maxMetadataTTL is how many seconds a metadata token may live.
const maxMetadataTTL = 21600

// RequireMetadataToken refuses calls of the metadata service's first version, which carry no token.
func (s *Service) RequireMetadataToken(required bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.metadataTokenRequired = required
}

// MetadataCalls tells how many calls for metadata came without a token (v1) and with one (v2). Calls for a token itself
// do not count.
func (s *Service) MetadataCalls() (v1, v2 int) {
	for _, call := range s.Calls() {
		if call.Action != ActionMetadataRole && call.Action != ActionMetadataCredentials {
			continue
		}
		if call.Header.Get(metadataTokenHeader) == "" {
			v1++
		} else {
			v2++
		}
	}
	return v1, v2
}

// metadataToken issues the token of the second version.
func (x *Exchange) metadataToken() *Reply {
	ttl, err := strconv.Atoi(x.Request.Header.Get(metadataTTLHeader))
	if err != nil || ttl < 1 || ttl > maxMetadataTTL {
		return plainReply(http.StatusBadRequest, "400 - Bad Request")
	}
	s := x.Service
	token := "testMetadataToken" + strconv.FormatUint(s.nextSerial(), 10)
	expiry := s.clock().Add(time.Duration(ttl) * time.Second)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.metadataTokens[token] = expiry
	return plainReply(http.StatusOK, token)
}

func (x *Exchange) metadataRole() *Reply {
	if !x.Service.allowsMetadata(x.Request.Header.Get(metadataTokenHeader)) {
		return metadataForbidden()
	}
	return plainReply(http.StatusOK, RoleName)
}

func (x *Exchange) metadataCredentials() *Reply {
	if !x.Service.allowsMetadata(x.Request.Header.Get(metadataTokenHeader)) {
		return metadataForbidden()
	}
	if strings.TrimPrefix(x.Request.URL.Path, metadataCredentialsPath) != RoleName {
		return plainReply(http.StatusNotFound, "404 - Not Found")
	}
	fields := x.Service.IssueSession().fields()
	fields["Code"] = "Success"
	fields["LastUpdated"] = x.Service.clock().UTC().Format(secondLayout)
	return jsonReply(fields)
}

// credentials answers for the credentials URI.
func (x *Exchange) credentials() *Reply {
	fields := x.Service.IssueSession().fields()
	fields["Code"] = "Success"
	return jsonReply(fields)
}

func (s *Service) allowsMetadata(token string) bool {
	now := s.clock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if token == "" {
		return !s.metadataTokenRequired
	}
	return now.Before(s.metadataTokens[token])
}

func metadataForbidden() *Reply {
	return plainReply(http.StatusForbidden, "403 - Forbidden")
}
