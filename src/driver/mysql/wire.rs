//! [`Wire`]: whole packets out of a stream of bytes, and back.
//!
//! A packet is three bytes of length, one that counts the packets of an exchange, and the payload. One
//! of 2^24 - 1 bytes goes on in the next. <https://mariadb.com/kb/en/0-packet/>

use std::io;
use std::ops::{Deref, DerefMut};

use bytes::{Buf as _, BufMut as _, BytesMut};

use crate::driver::network::{Channel, Stream};

/// Bytes before the payload.
const HEADER_BYTES: usize = 4;

/// A packet with so many bytes goes on in the next one.
pub const FULL_PACKET: usize = 0xFF_FFFF;

/// A channel that is read packet by packet.
pub struct Wire {
    channel: Channel,
    number: u8,
    /// How long the first packet is after those that it went on in were joined to it.
    joined: Option<usize>,
}

impl Deref for Wire {
    type Target = Channel;

    fn deref(&self) -> &Channel {
        &self.channel
    }
}

impl DerefMut for Wire {
    fn deref_mut(&mut self) -> &mut Channel {
        &mut self.channel
    }
}

impl Wire {
    /// Packets over a stream.
    pub fn new(stream: Stream) -> Self {
        Self { channel: Channel::new(stream), number: 0, joined: None }
    }

    /// Packets over another stream of the same exchange, the next of which has this number.
    pub fn going_on(stream: Stream, number: u8) -> Self {
        Self { number, ..Self::new(stream) }
    }

    /// The number of the next packet of the exchange.
    pub fn number(&self) -> u8 {
        self.number
    }

    /// The stream alone.
    pub fn into_stream(self) -> Stream {
        self.channel.into_stream()
    }

    /// Writes a command, with which an exchange starts; nothing when writing it fails.
    pub fn command<Failure>(
        &mut self,
        code: u8,
        write: impl FnOnce(&mut BytesMut) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.number = 0;
        self.packet(|out| {
            out.put_u8(code);
            write(out)
        })
    }

    /// Writes the next packet of an exchange; nothing when writing it fails.
    pub fn packet<Failure>(
        &mut self,
        write: impl FnOnce(&mut BytesMut) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let first = self.number;
        let packets = self.channel.write(|out| {
            let start = out.len();
            out.put_bytes(0, HEADER_BYTES);
            write(out)?;
            Ok(frame(out, start, first))
        })?;
        self.number = first.wrapping_add(packets);
        Ok(())
    }

    /// The next packet's payload, if all of it is here. [`Wire::skip`] ends it.
    pub fn payload(&mut self) -> Option<&[u8]> {
        let length = self.whole_packet()?;
        self.channel.incoming.get(HEADER_BYTES..HEADER_BYTES + length)
    }

    /// Steps over a packet of so many bytes.
    pub fn skip(&mut self, length: usize) {
        self.joined = None;
        self.number = self.channel.incoming[HEADER_BYTES - 1].wrapping_add(1);
        self.channel.incoming.advance(HEADER_BYTES + length);
    }

    /// Waits until a whole packet is here.
    pub async fn wait_for_packet(&mut self) -> io::Result<()> {
        while self.whole_packet().is_none() {
            self.channel.fill().await?;
        }
        Ok(())
    }

    /// The length of the next packet, if all of it is here.
    fn whole_packet(&mut self) -> Option<usize> {
        if self.joined.is_some() {
            return self.joined;
        }
        let length = length_at(&self.channel.incoming, 0)?;
        if length == FULL_PACKET {
            self.joined = join(&mut self.channel.incoming);
            return self.joined;
        }
        (self.channel.incoming.len() >= HEADER_BYTES + length).then_some(length)
    }
}

/// Writes the header of the payload after `start`, and further ones where it needs them. Gives their
/// number.
fn frame(out: &mut BytesMut, start: usize, first: u8) -> u8 {
    let length = out.len() - start - HEADER_BYTES;
    if length < FULL_PACKET {
        out[start..start + HEADER_BYTES].copy_from_slice(&header(length, first));
        return 1;
    }
    let payload = out.split_off(start + HEADER_BYTES);
    out.truncate(start);
    let mut number = first;
    // The last is shorter than full, if need be empty.
    for place in (0..=length).step_by(FULL_PACKET) {
        let part = &payload[place..length.min(place + FULL_PACKET)];
        out.extend_from_slice(&header(part.len(), number));
        out.extend_from_slice(part);
        number = number.wrapping_add(1);
    }
    number.wrapping_sub(first)
}

fn header(length: usize, number: u8) -> [u8; HEADER_BYTES] {
    let [first, second, third, ..] = length.to_le_bytes();
    [first, second, third, number]
}

fn length_at(bytes: &[u8], at: usize) -> Option<usize> {
    let header = bytes.get(at..at + HEADER_BYTES)?;
    Some(usize::from(header[0]) | usize::from(header[1]) << 8 | usize::from(header[2]) << 16)
}

/// Takes the headers out from between the packets that the first goes on in, once all are here: the
/// one that is left has the number of the last. Gives the length of the payload.
fn join(bytes: &mut BytesMut) -> Option<usize> {
    let mut packets = Vec::new();
    let mut end = 0;
    loop {
        let (start, length) = (end + HEADER_BYTES, length_at(bytes, end)?);
        end = start + length;
        if bytes.len() < end {
            return None;
        }
        packets.push(start..end);
        if length < FULL_PACKET {
            bytes[HEADER_BYTES - 1] = bytes[start - 1];
            break;
        }
    }
    let mut joined = HEADER_BYTES;
    for packet in packets {
        let length = packet.len();
        bytes.copy_within(packet, joined);
        joined += length;
    }
    let rest = bytes.len() - end;
    bytes.copy_within(end.., joined);
    bytes.truncate(joined + rest);
    Some(joined - HEADER_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(payload: usize) -> BytesMut {
        let mut out = BytesMut::from(&b"before"[..]);
        let start = out.len();
        out.put_bytes(0, HEADER_BYTES);
        out.extend((0..=250).cycle().take(payload));
        frame(&mut out, start, 7);
        out.split_off(start)
    }

    #[test]
    fn a_payload_that_fits_is_one_packet() {
        assert_eq!(framed(3)[..], [3, 0, 0, 7, 0, 1, 2]);
        assert_eq!(framed(FULL_PACKET - 1).len(), FULL_PACKET - 1 + HEADER_BYTES);
    }

    #[test]
    fn a_long_payload_is_cut_and_joined_again_with_what_follows_left_alone() {
        for (payload, packets) in [(FULL_PACKET, 2), (FULL_PACKET + 5, 2), (2 * FULL_PACKET, 3)] {
            let mut bytes = framed(payload);
            assert_eq!(bytes.len(), payload + packets * HEADER_BYTES);
            assert_eq!(bytes[HEADER_BYTES - 1], 7);
            assert_eq!(bytes[HEADER_BYTES + FULL_PACKET + HEADER_BYTES - 1], 8);
            let whole = bytes.clone();
            bytes.truncate(bytes.len() - 1);
            assert_eq!(join(&mut bytes), None, "the last byte is missing");
            bytes = whole;
            bytes.extend_from_slice(b"next");
            assert_eq!(join(&mut bytes), Some(payload));
            assert_eq!(usize::from(bytes[HEADER_BYTES - 1]), 7 + packets - 1);
            assert!(
                bytes[HEADER_BYTES..HEADER_BYTES + payload]
                    .iter()
                    .copied()
                    .eq((0..=250).cycle().take(payload))
            );
            assert_eq!(&bytes[HEADER_BYTES + payload..], b"next");
        }
    }
}
