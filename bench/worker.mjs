/**
 * One workload by one peer in a process of its own.
 * Argument: JSON {database, peer, workload, url, sizes}. Answer on stdout: JSON {value, check, cpuMicroseconds, peakMegabytes, lines?},
 * without the check of a workload that writes.
 */
const importedAt = performance.now()
const { database, peer: name, workload: id, url, sizes } = JSON.parse(process.argv[2])
const { openPeer } = await import('./peers.mjs')
const { openProof } = await import('./proof.mjs')
const { WORKLOADS } = await import('./workloads.mjs')

const workload = WORKLOADS.find((candidate) => candidate.id === id)
const peer = await openPeer(name, database, url)
const times = (count) => Math.max(1, Math.round(count * sizes.effort))

// The first connection is not part of what is measured, but for the cold start. Without a URL there is nothing to connect to.
if (url !== undefined && !workload.cold) await (peer.connect ?? peer.findUser ?? peer.firstModels)(1)
const proof = await openProof(database, url, workload)
const cpuBefore = process.cpuUsage()
const memoryBefore = process.memoryUsage.rss()
const { value, operations, check, lines } = await workload.run({ peer, proof, sizes, times, importedAt })
const cpu = process.cpuUsage(cpuBefore)
const peakMegabytes = (process.resourceUsage().maxRSS * 1024 - memoryBefore) / 1e6
await Promise.all([peer.close?.(), proof?.close()])
const cpuMicroseconds = (cpu.user + cpu.system) / operations
console.log(JSON.stringify({ value, check, cpuMicroseconds, peakMegabytes, lines }))
