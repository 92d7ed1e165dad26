//! Causes on the way: the service, names and keys in DNS, connectors.

use super::Cause;
use crate::model::Layer;

pub(super) const LIST: &[Cause] = &[
    Cause {
        name: "service_temporary_error",
        layer: Layer::Service,
        plain: "Microsoft 365 answered with a temporary error of its own; mail is late and will be tried again.",
        next_steps: &[
            "Open Health > Service health in the Microsoft 365 admin center and look for an Exchange Online incident in this window.",
            "Compare several senders and recipients with Get-MessageTraceV2: the service hits everybody, a single connector or domain does not.",
            "Wait for the retries; open a support request with two or three network message ids if the delay passes one hour without an incident.",
        ],
    },
    Cause {
        name: "delayed",
        layer: Layer::Service,
        plain: "Mail arrives late although nothing refuses it.",
        next_steps: &[
            "Check Health > Service health for an Exchange Online incident in this window.",
            "Read the Defer events with Get-MessageTraceDetailV2: a named remote server or connector means it is not the service.",
            "Paste the headers of one late message into the hop view and find the hop that holds the time.",
        ],
    },
    Cause {
        name: "dmarc_rejected",
        layer: Layer::DnsAuth,
        plain: "The receiver enforces the DMARC policy of the From domain: neither SPF nor DKIM passed for that domain.",
        next_steps: &[
            "Find the source of the failing mail (connecting address, header.d and smtp.mailfrom in Authentication-Results): your tenant, a new service, or a forger.",
            "For your tenant run Get-DkimSigningConfig and check that the domain is Enabled and both selector CNAME records resolve.",
            "For a third-party sender have it sign with your domain (DKIM d= your domain) or use a subdomain it may authenticate.",
            "Until it is repaired do not weaken p=reject for good; if mail must flow at once, set p=none with an end date.",
        ],
    },
    Cause {
        name: "dkim_fail",
        layer: Layer::DnsAuth,
        plain: "The DKIM signature is missing, broken, or its key cannot be found in DNS.",
        next_steps: &[
            "Run Get-DkimSigningConfig -Identity DOMAIN | Format-List Status,Enabled,Selector1CNAME,Selector2CNAME and look the two CNAME records up in public DNS.",
            "If a key was rotated or the DNS zone was moved in this window, restore the selector records.",
            "If only some receivers complain, look for a gateway, disclaimer or footer that changes the message after signing.",
        ],
    },
    Cause {
        name: "spf_fail",
        layer: Layer::DnsAuth,
        plain: "The sending address is not listed in the SPF record of the envelope domain.",
        next_steps: &[
            "Take the address from the failure text and compare it with nslookup -type=txt DOMAIN.",
            "Add the missing include or ip4/ip6 entry; for Exchange Online the record needs include:spf.protection.outlook.com.",
            "If the message was forwarded, SPF must fail: DKIM of the original sender or SRS has to carry it.",
        ],
    },
    Cause {
        name: "spf_permerror",
        layer: Layer::DnsAuth,
        plain: "The SPF record cannot be evaluated: two records, a typo, or more than ten DNS lookups.",
        next_steps: &[
            "Check that exactly one TXT record starts with v=spf1.",
            "Count includes, a, mx, redirect and exists recursively; remove services no longer used until at most ten lookups remain.",
            "Move bulk senders to a subdomain with an SPF record of its own.",
        ],
    },
    Cause {
        name: "auth_required_missing",
        layer: Layer::DnsAuth,
        plain: "The receiver takes authenticated mail only, and the message does not meet its SPF, DKIM and DMARC rules.",
        next_steps: &[
            "Read which of Spf, Dkim and Dmarc the text calls failed.",
            "Run Get-DkimSigningConfig and enable DKIM for the From domain; check its SPF record and publish at least v=DMARC1; p=none.",
            "Check the From domain itself: mail from the onmicrosoft.com address or from an application with another From is treated apart.",
        ],
    },
    Cause {
        name: "dmarc_missing",
        layer: Layer::DnsAuth,
        plain: "The From domain has no usable DMARC record, and the receiver demands one of bulk senders.",
        next_steps: &[
            "Look up the TXT record of _dmarc.DOMAIN; publish v=DMARC1; p=none; rua=mailto:... if there is none.",
            "Check that there is only one record and that it begins with v=DMARC1.",
        ],
    },
    Cause {
        name: "ptr_missing",
        layer: Layer::DnsAuth,
        plain: "The sending address has no reverse DNS name, or name and address do not match.",
        next_steps: &[
            "Look up the PTR record of the address named in the text; the name must resolve back to the same address.",
            "If the address is your own server or gateway, have its owner publish the PTR record or relay through Exchange Online.",
            "If the address is Microsoft's, open a support request with the full bounce.",
        ],
    },
    Cause {
        name: "mx_unresolvable",
        layer: Layer::DnsAuth,
        plain: "The recipient's domain does not exist or has no usable MX or address record.",
        next_steps: &[
            "Look at the spelling of the domain first, then run nslookup -type=mx DOMAIN from outside.",
            "If the domain is right and other recipients of it fail too, tell its owner by another way: the zone, the registration or the MX is broken.",
            "If a connector routes this domain, check the smart host name in Get-OutboundConnector.",
        ],
    },
    Cause {
        name: "dns_failure",
        layer: Layer::DnsAuth,
        plain: "A DNS lookup failed for now: name servers are slow, unreachable or answer with errors.",
        next_steps: &[
            "Query the name servers of the domain directly (nslookup -type=mx DOMAIN NAMESERVER); compare several resolvers.",
            "If the domain is signed, check for a broken DNSSEC chain with a public analyser.",
            "For a smart host check its name in Get-OutboundConnector and whether it resolves from the internet.",
        ],
    },
    Cause {
        name: "sender_domain_unresolvable",
        layer: Layer::DnsAuth,
        plain: "The domain of the sender address does not resolve, so the receiver refuses it.",
        next_steps: &[
            "Look up MX and A of the envelope sender domain (Return-Path) from outside.",
            "Correct applications that send with a server name or an internal domain as sender.",
        ],
    },
    Cause {
        name: "mta_sts_failed",
        layer: Layer::DnsAuth,
        plain: "The recipient domain publishes an MTA-STS policy that its own MX or certificate does not meet.",
        next_steps: &[
            "Fetch https://mta-sts.DOMAIN/.well-known/mta-sts.txt and compare its mx lines with the MX records.",
            "Check the certificate of the MX on port 25: valid chain, not expired, name matches.",
            "Tell the recipient domain; the sender cannot and should not switch MTA-STS off.",
        ],
    },
    Cause {
        name: "dane_failed",
        layer: Layer::DnsAuth,
        plain: "The recipient domain's DANE data (TLSA, DNSSEC) does not match its mail server.",
        next_steps: &[
            "Test the domain with the DANE validation of the Remote Connectivity Analyzer.",
            "Tell the recipient domain which TLSA record fails; after a certificate change TLSA must be published anew.",
        ],
    },
    Cause {
        name: "tls_failed",
        layer: Layer::DnsAuth,
        plain: "The TLS handshake or the certificate check with the other server failed.",
        next_steps: &[
            "Read the bracketed Message= for the reason, and test with openssl s_client -starttls smtp -connect HOST:25.",
            "If a connector names the host, compare its TLS settings (Get-OutboundConnector | Format-List TlsSettings,TlsDomain,SmartHosts) with the certificate.",
            "Look for a firewall that inspects SMTP or removes STARTTLS.",
        ],
    },
    Cause {
        name: "tls_required",
        layer: Layer::DnsAuth,
        plain: "One side demands TLS and the other does not offer it.",
        next_steps: &[
            "Test the host with openssl s_client -starttls smtp -connect HOST:25: the greeting must offer 250-STARTTLS.",
            "On an Exchange server check with Get-ExchangeCertificate that a valid certificate has the SMTP service.",
            "Look for a firewall that removes STARTTLS (250-XXXXXXXA in the greeting).",
        ],
    },
    Cause {
        name: "certificate_expired",
        layer: Layer::DnsAuth,
        plain: "The certificate of the mail server has expired.",
        next_steps: &[
            "Read NotAfter: openssl s_client -starttls smtp -connect HOST:25, or Get-ExchangeCertificate | Format-List Subject,NotAfter,Services.",
            "On your own or hybrid server renew it, bind it with Enable-ExchangeCertificate -Services SMTP and run the Hybrid Configuration wizard if names change.",
            "For a partner's server tell the partner; do not loosen the connector's TLS setting for good.",
        ],
    },
    Cause {
        name: "certificate_mismatch",
        layer: Layer::DnsAuth,
        plain: "The names on the certificate are not the ones the MX or the connector expects.",
        next_steps: &[
            "Compare the subject and alternative names on port 25 with the MX host or with TlsDomain in Get-OutboundConnector.",
            "Correct TlsDomain or TlsSenderCertificateName, or reissue the certificate with the expected name.",
        ],
    },
    Cause {
        name: "certificate_untrusted",
        layer: Layer::Connector,
        plain: "The certificate chain does not end at a trusted root, or intermediates are not sent.",
        next_steps: &[
            "Test the chain: openssl s_client -starttls smtp -showcerts -connect HOST:25.",
            "Install the intermediate certificates on the named host, or take a certificate of a public authority.",
            "If the partner must stay self-signed, change the connector from certificate validation to plain TLS knowingly (Set-OutboundConnector -TlsSettings EncryptionOnly).",
        ],
    },
    Cause {
        name: "connection_refused",
        layer: Layer::Connector,
        plain: "The destination refuses the TCP connection.",
        next_steps: &[
            "Look at LastAttemptedServerName and LastAttemptedIP: is it the MX or an old smart host?",
            "If a connector names it, check Get-OutboundConnector | Format-List Name,RecipientDomains,SmartHosts and remove what is no longer used.",
            "On your own server: is the transport service running, and does the firewall admit port 25 from the Microsoft 365 address ranges?",
        ],
    },
    Cause {
        name: "connection_timeout",
        layer: Layer::Connector,
        plain: "The destination does not answer in time.",
        next_steps: &[
            "Test port 25 of the named host from outside (Test-NetConnection HOST -Port 25, Remote Connectivity Analyzer).",
            "Check firewall rules against the published Microsoft 365 address ranges, and the smart host address of the connector.",
            "If it is a foreign MX and all senders fail, wait: mail is retried for 24 hours.",
        ],
    },
    Cause {
        name: "connection_dropped",
        layer: Layer::Connector,
        plain: "The other side cuts the SMTP session.",
        next_steps: &[
            "Disable SMTP inspection on firewalls in between (fixup, SMTP proxy) and try again.",
            "Read the protocol log of the receiving server for the last command before the cut.",
            "Check connection and size limits of the receive connector.",
        ],
    },
    Cause {
        name: "connection_failed",
        layer: Layer::Connector,
        plain: "The service reached the other server and could not go on; the bracketed message says why.",
        next_steps: &[
            "Read Message= in the last Defer event (Get-MessageTraceDetailV2).",
            "Run Validate-OutboundConnector if a connector routes the domain.",
        ],
    },
    Cause {
        name: "relay_denied",
        layer: Layer::Connector,
        plain: "The server does not accept mail for this domain from this sender.",
        next_steps: &[
            "Check that MX or smart host points to the server that really serves the domain.",
            "Run Get-AcceptedDomain: is the domain there, and is its type right (Authoritative or InternalRelay)?",
            "For a relaying application check the inbound connector: its address or certificate must match what connects.",
        ],
    },
    Cause {
        name: "connector_attribution",
        layer: Layer::Connector,
        plain: "Mail of your own server no longer matches an inbound connector, so the service treats it as a stranger's.",
        next_steps: &[
            "Compare Get-InboundConnector | Format-List Name,ConnectorType,SenderIPAddresses,TlsSenderCertificateName with the certificate and address that connect now.",
            "After a certificate renewal run the Hybrid Configuration wizard again, or Set-InboundConnector -TlsSenderCertificateName.",
            "Check that the server sends its full chain and that no firewall ends the TLS session.",
        ],
    },
    Cause {
        name: "connector_restriction",
        layer: Layer::Connector,
        plain: "A partner connector lets mail of this domain in only from certain addresses or with a certain certificate.",
        next_steps: &[
            "Run Get-InboundConnector and look for RestrictDomainsToIPAddresses or RestrictDomainsToCertificate.",
            "Add the new source address or certificate, or let the partner send through the permitted gateway.",
        ],
    },
    Cause {
        name: "wrong_endpoint",
        layer: Layer::Connector,
        plain: "Mail was sent to a Microsoft 365 endpoint that does not serve this tenant.",
        next_steps: &[
            "Point MX and smart hosts at the tenant's own endpoint (domain-com.mail.protection.outlook.com).",
            "If a certificate-based connector is meant, check that the certificate name belongs to an accepted domain.",
        ],
    },
    Cause {
        name: "client_auth_required",
        layer: Layer::Connector,
        plain: "The server wants a sign-in and the client did not give one.",
        next_steps: &[
            "Decide how the device should send: SMTP AUTH (smtp.office365.com:587), Direct Send, or a relay connector by address.",
            "For SMTP AUTH check the account and Get-CASMailbox USER | Format-List SmtpClientAuthenticationDisabled.",
        ],
    },
    Cause {
        name: "client_auth_failed",
        layer: Layer::Connector,
        plain: "Sign-in for client submission failed or is switched off.",
        next_steps: &[
            "Check Get-TransportConfig | Format-List SmtpClientAuthenticationDisabled and the same on the mailbox with Get-CASMailbox.",
            "Look at the sign-in logs in Entra for the account: blocked by security defaults, Conditional Access, or a wrong password.",
            "Move applications with basic authentication to OAuth, High Volume Email or a relay connector.",
        ],
    },
    Cause {
        name: "server_auth_failed",
        layer: Layer::Connector,
        plain: "Exchange servers cannot authenticate to each other.",
        next_steps: &[
            "Disable SMTP inspection between the servers (X-EXPS and STARTTLS must pass).",
            "Check authentication and remote address ranges of the receive connectors: no other connector may claim the address.",
        ],
    },
    Cause {
        name: "direct_send_rejected",
        layer: Layer::Connector,
        plain: "The tenant refuses unauthenticated mail that claims to come from its own domain.",
        next_steps: &[
            "If the device is yours, give it an inbound connector by address or certificate, or let it sign in.",
            "If nobody knows the source, this is spoofing and was rightly refused: leave RejectDirectSend on.",
        ],
    },
    Cause {
        name: "ipv6_not_accepted",
        layer: Layer::Connector,
        plain: "The recipient organisation takes no mail over IPv6.",
        next_steps: &["Send over IPv4, or ask the recipient organisation to have IPv6 enabled."],
    },
    Cause {
        name: "protocol_error",
        layer: Layer::Connector,
        plain: "The two servers disagree about the SMTP dialogue.",
        next_steps: &[
            "Read the SMTP protocol log of the session for the first 5xx reply.",
            "Look for an SMTP proxy or firewall between the servers.",
        ],
    },
    Cause {
        name: "expired",
        layer: Layer::Connector,
        plain: "The message stayed in the queue until it expired; the last deferral says why.",
        next_steps: &[
            "Read the last Defer event with Get-MessageTraceDetailV2 and classify that.",
            "If several domains expire at once, look at the connector they share; if one, at its MX.",
        ],
    },
    Cause {
        name: "loop_detected",
        layer: Layer::Connector,
        plain: "The message goes round in a circle and was stopped.",
        next_steps: &[
            "Read the Received lines of one bounced message: which two systems hand it to each other?",
            "One mailbox only: look for forwarding and inbox rules (Get-Mailbox | Format-List ForwardingAddress,ForwardingSmtpAddress; Get-InboxRule).",
            "A whole domain: check MX, accepted domain type InternalRelay and the connectors on both sides.",
        ],
    },
    Cause {
        name: "journaling_misconfigured",
        layer: Layer::Connector,
        plain: "Journal mail has no place to go.",
        next_steps: &[
            "Check the journal rule target and JournalingReportNdrTo; enable the journaling archive or send journals elsewhere.",
        ],
    },
];
