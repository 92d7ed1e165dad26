//! An ordinary window of invented mail: people who keep office hours, newsletters, strangers who
//! send spam and guess addresses, dead addresses in old lists, mailings, holidays. Nothing is wrong.

/// A fixed sequence of numbers (xorshift64*, S. Vigna 2016).
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        let mut dice = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        for _ in 0..20 {
            dice.unit();
        }
        dice
    }

    /// Uniform on [0, 1).
    pub(crate) fn unit(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        ((self.unit() * limit as f64) as usize).min(limit.saturating_sub(1))
    }

    pub(crate) fn chance(&mut self, part: f64) -> bool {
        self.unit() < part
    }

    /// Some are much more frequent than others.
    pub(crate) fn skewed(&mut self, limit: usize) -> usize {
        ((limit as f64).powf(self.unit()) - 1.0) as usize
    }

    fn poisson(&mut self, mean: f64) -> usize {
        let (mut events, mut time) = (0, -(1.0 - self.unit()).ln());
        while time < mean {
            events += 1;
            time -= (1.0 - self.unit()).ln();
        }
        events
    }
}

/// What became of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Arrived,
    /// Failed with this reply.
    Failed(String),
    /// Held in quarantine by this policy.
    Quarantined(&'static str),
    /// Sent to Junk by this policy.
    Junk(&'static str),
    /// Filed to this folder.
    Filed(&'static str),
}

/// One message to one recipient.
#[derive(Clone, Debug)]
pub(crate) struct Mail {
    /// Seconds since the begin of the window.
    pub(crate) at: u32,
    pub(crate) sender: String,
    pub(crate) recipient: String,
    pub(crate) fate: Fate,
    pub(crate) connector: &'static str,
    /// Seconds from acceptance to the end.
    pub(crate) seconds: u32,
    /// Results of SPF, DKIM and DMARC.
    pub(crate) auth: [&'static str; 3],
    /// Setting that let it pass; empty for none.
    pub(crate) allowed: &'static str,
}

/// What varies between tenants.
#[derive(Clone, Debug)]
pub(crate) struct Tenant {
    pub(crate) days: u32,
    pub(crate) mailboxes: usize,
    pub(crate) partners: usize,
    /// Messages of an ordinary working day.
    pub(crate) daily: f64,
    /// Hours by which local time is ahead of UTC.
    ahead: i64,
    /// Weekday of the first day, 0 is Monday.
    first_day: u32,
}

pub(crate) const OURS: &str = "contoso.com";

impl Tenant {
    pub(crate) fn draw(dice: &mut Dice) -> Self {
        Self {
            days: [5, 7, 7, 10, 14][dice.below(5)],
            mailboxes: [40, 200, 900][dice.below(3)],
            partners: [30, 120, 240][dice.below(3)],
            daily: 300.0 * 8.0_f64.powf(dice.unit()),
            ahead: [-8, -5, 0, 1, 2, 9][dice.below(6)],
            first_day: dice.below(7) as u32,
        }
    }

    pub(crate) fn mailbox(&self, dice: &mut Dice) -> String {
        format!("user{}@{OURS}", dice.skewed(self.mailboxes))
    }

    pub(crate) fn partner(&self, dice: &mut Dice) -> String {
        partner(dice.skewed(self.partners))
    }

    /// Share of the daily mail that an hour of the window gets, people at work.
    fn office(&self, hour: u32, holiday: u32) -> f64 {
        let local = (i64::from(hour) + self.ahead).rem_euclid(24);
        let day = (i64::from(hour) + self.ahead).div_euclid(24);
        let weekend = (day + i64::from(self.first_day)).rem_euclid(7) >= 5;
        let rest = weekend || day == i64::from(holiday);
        let busy = if (8..18).contains(&local) { 0.085 } else { 0.01 };
        if rest { 0.006 } else { busy }
    }
}

pub(crate) fn partner(number: usize) -> String {
    format!("partner{number}.example")
}

/// All mail of a window, in order of time.
pub(crate) fn quiet(tenant: &Tenant, dice: &mut Dice) -> Vec<Mail> {
    let mut all = Vec::new();
    let holiday = if dice.chance(0.1) { dice.below(tenant.days as usize) as u32 } else { u32::MAX };
    let (failing, held) = (0.005 + 0.02 * dice.unit(), 0.01 + 0.04 * dice.unit());
    for hour in 0..tenant.days * 24 {
        let office = tenant.office(hour, holiday);
        for _ in 0..dice.poisson(tenant.daily * office) {
            all.push(people(tenant, dice, hour, failing, held));
        }
        // Machines keep no hours.
        for _ in 0..dice.poisson(tenant.daily * 0.006) {
            all.push(newsletter(tenant, dice, hour));
        }
        for _ in 0..dice.poisson(tenant.daily * 0.004) {
            all.push(stranger(tenant, dice, hour));
        }
        for _ in 0..dice.poisson(tenant.daily * 0.003) {
            all.push(relayed(tenant, dice, hour));
        }
    }
    if dice.chance(0.4) {
        mailing(tenant, dice, &mut all);
    }
    if dice.chance(0.1) {
        // Hours that the export lost.
        let from = dice.below(tenant.days as usize * 24) as u32 * 3600;
        let hours = 1 + dice.below(6) as u32;
        all.retain(|m| !(from..from + hours * 3600).contains(&m.at));
    }
    all.sort_by_key(|m| m.at);
    all
}

pub(crate) fn plain(dice: &mut Dice, hour: u32, sender: String, recipient: String) -> Mail {
    let slow = dice.chance(0.02);
    Mail {
        at: hour * 3600 + dice.below(3600) as u32,
        sender,
        recipient,
        fate: Fate::Arrived,
        connector: "",
        seconds: 2 + dice.below(if slow { 400 } else { 20 }) as u32,
        auth: ["pass", "pass", "pass"],
        allowed: "",
    }
}

/// What goes wrong on any day.
const ORDINARY: [&str; 5] = [
    "550 5.1.1 User unknown",
    "550 5.1.1 User unknown",
    "550 5.7.350 Remote server returned message detected as spam",
    "552 5.2.2 Mailbox full",
    "550 5.5.0 Requested action not taken",
];

fn people(tenant: &Tenant, dice: &mut Dice, hour: u32, failing: f64, held: f64) -> Mail {
    let (here, domain) = (tenant.mailbox(dice), tenant.partner(dice));
    let there = format!("ann{}@{domain}", dice.below(20));
    let kind = dice.unit();
    let mut mail = match kind {
        k if k < 0.45 => plain(dice, hour, there, here),
        k if k < 0.8 => plain(dice, hour, here, there),
        _ => {
            let colleague = tenant.mailbox(dice);
            plain(dice, hour, here, colleague)
        }
    };
    if (0.45..0.8).contains(&kind) && dice.chance(failing) {
        mail.fate = Fate::Failed(ORDINARY[dice.below(ORDINARY.len())].to_owned());
    }
    if kind < 0.45 && dice.chance(held * 0.2) {
        mail.fate = Fate::Junk("Default");
    }
    mail
}

fn newsletter(tenant: &Tenant, dice: &mut Dice, hour: u32) -> Mail {
    let number = dice.skewed(15);
    let recipient = tenant.mailbox(dice);
    let mut mail = plain(dice, hour, format!("news@list{number}.example"), recipient);
    if dice.chance(if number % 4 == 3 { 0.5 } else { 0.06 }) {
        mail.fate = Fate::Junk("Default");
    }
    if dice.chance(0.02) {
        mail.recipient = format!("gone{}@{OURS}", dice.below(9));
        mail.fate = unknown();
    }
    mail
}

pub(crate) fn unknown() -> Fate {
    Fate::Failed("550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found".into())
}

fn stranger(tenant: &Tenant, dice: &mut Dice, hour: u32) -> Mail {
    let sender = format!("x{}@spam{}.example", dice.below(900), dice.below(400));
    let recipient = tenant.mailbox(dice);
    let mut mail = plain(dice, hour, sender, recipient);
    mail.auth = [["fail", "softfail", "pass"][dice.below(3)], "none", "fail"];
    mail.fate = match dice.unit() {
        u if u < 0.45 => Fate::Quarantined("Default"),
        u if u < 0.8 => Fate::Junk("Default"),
        u if u < 0.9 => Fate::Arrived,
        _ => {
            mail.recipient = format!("guess{}@{OURS}", dice.below(5000));
            unknown()
        }
    };
    mail
}

/// Mail of a device or an application, over a connector.
fn relayed(tenant: &Tenant, dice: &mut Dice, hour: u32) -> Mail {
    let recipient = tenant.mailbox(dice);
    let number = dice.below(3);
    let mut mail = plain(dice, hour, format!("scanner{number}@{OURS}"), recipient);
    mail.connector = "From scanners";
    mail
}

/// Somebody writes to many in a few hours; some of the addresses are dead.
fn mailing(tenant: &Tenant, dice: &mut Dice, all: &mut Vec<Mail>) {
    let hour = 8 + dice.below(tenant.days as usize * 24 - 16) as u32;
    let size = (tenant.daily * (0.2 + dice.unit())) as usize;
    for _ in 0..size {
        let to = format!("ann{}@{}", dice.below(40), tenant.partner(dice));
        let after = hour + dice.below(3) as u32;
        let mut mail = plain(dice, after, format!("marketing@{OURS}"), to);
        if dice.chance(0.02) {
            mail.fate = Fate::Failed(ORDINARY[0].to_owned());
        }
        all.push(mail);
    }
}
