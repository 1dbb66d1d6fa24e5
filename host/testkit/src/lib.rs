//! porchlight-testkit
