PRAGMA defer_foreign_keys=TRUE;
CREATE TABLE d1_migrations(
		id         INTEGER PRIMARY KEY AUTOINCREMENT,
		name       TEXT UNIQUE,
		applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
);
INSERT INTO "d1_migrations" VALUES(1,'0001_initial.sql','2026-08-30 08:00:00');
CREATE TABLE workspaces (
  id TEXT PRIMARY KEY,
  owner_user_id TEXT NOT NULL,
  owner_email TEXT NOT NULL
);
INSERT INTO "workspaces" VALUES('wsp_synx1kjmbsnh6qngvqrc6','usr_synm9s346q3d25vt4f5v3','7e3s3e28jt97@example.test');
INSERT INTO "workspaces" VALUES('wsp_syny04vr04w05rwphgtdj','usr_synkb6cq643dzvmxxqkfb','f5kznwj47tan@example.test');
INSERT INTO "workspaces" VALUES('wsp_syndjxjjnwg5ckjz3mrjf','usr_syn9zt24mnpzx45hy43kw','jrp1xpa7z3dj@example.test');
INSERT INTO "workspaces" VALUES('wsp_synakrgbyskrf3e5nz7yj','usr_syn8fssz5awsh8vhtpre9','5b9ee0zbgj09@example.test');
INSERT INTO "workspaces" VALUES('wsp_syn66ywrhrfawxzx1r83q','usr_syntqm83xssss6ys3c4dw','a7n36096q14d@example.test');
INSERT INTO "workspaces" VALUES('wsp_syn581egyzhgcgsamp5ee','usr_synr9gpqy77zxyyk596ng','ya1dq91k5gqa@example.test');
INSERT INTO "workspaces" VALUES('wsp_syn9dtdrvkkm2w51qynkf','usr_synpenecfseczp11hygcp','wpq5e6eycndy@example.test');
CREATE TABLE plan_history (
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  plan TEXT NOT NULL,
  starts_at TEXT NOT NULL,
  PRIMARY KEY (workspace_id, starts_at)
);
INSERT INTO "plan_history" VALUES('wsp_synx1kjmbsnh6qngvqrc6','Studio Free','2026-09-01T00:00:00.000Z');
INSERT INTO "plan_history" VALUES('wsp_synx1kjmbsnh6qngvqrc6','Studio Starter (monthly)','2026-09-03T00:00:00.000Z');
INSERT INTO "plan_history" VALUES('wsp_synx1kjmbsnh6qngvqrc6','Studio Pro (monthly)','2026-10-28T00:00:00.000Z');
INSERT INTO "plan_history" VALUES('wsp_syny04vr04w05rwphgtdj','Studio Free','2026-09-01T00:00:00.000Z');
INSERT INTO "plan_history" VALUES('wsp_syny04vr04w05rwphgtdj','Studio Pro (monthly)','2026-09-05T00:00:00.000Z');
INSERT INTO "plan_history" VALUES('wsp_syndjxjjnwg5ckjz3mrjf','Studio Free','2026-09-01T00:00:00.000Z');
INSERT INTO "plan_history" VALUES('wsp_syndjxjjnwg5ckjz3mrjf','Studio Starter (monthly)','2026-10-02T00:00:00.000Z');
INSERT INTO "plan_history" VALUES('wsp_synakrgbyskrf3e5nz7yj','Studio Free','2026-09-01T00:00:00.000Z');
INSERT INTO "plan_history" VALUES('wsp_synakrgbyskrf3e5nz7yj','Studio Starter (monthly)','2026-09-20T00:00:00.000Z');
INSERT INTO "plan_history" VALUES('wsp_synakrgbyskrf3e5nz7yj','Studio Max (monthly)','2026-11-01T00:00:00.000Z');
INSERT INTO "plan_history" VALUES('wsp_syn66ywrhrfawxzx1r83q','Studio Free','2026-09-01T00:00:00.000Z');
INSERT INTO "plan_history" VALUES('wsp_syn66ywrhrfawxzx1r83q','Studio Max (monthly)','2026-10-25T00:00:00.000Z');
INSERT INTO "plan_history" VALUES('wsp_syn581egyzhgcgsamp5ee','Studio Free','2026-09-01T00:00:00.000Z');
INSERT INTO "plan_history" VALUES('wsp_syn9dtdrvkkm2w51qynkf','Studio Free','2026-09-01T00:00:00.000Z');
INSERT INTO "plan_history" VALUES('wsp_syn9dtdrvkkm2w51qynkf','Studio Pro (monthly)','2026-09-15T00:00:00.000Z');
CREATE TABLE jobs (
  id TEXT PRIMARY KEY,
  event TEXT NOT NULL,
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  user_id TEXT NOT NULL,
  quantity TEXT NOT NULL,
  finished_at TEXT NOT NULL,
  model TEXT NOT NULL,
  format TEXT NOT NULL,
  prompt TEXT NOT NULL,
  input_key TEXT,
  output_key TEXT,
  execution_id TEXT NOT NULL,
  gateway TEXT NOT NULL
);
INSERT INTO "jobs" VALUES('job_syn03e5sk5tm84m736xyv','job.upscale.completed','wsp_syny04vr04w05rwphgtdj','usr_synmbbmaqppycf9y7x5kj','4','2026-10-21T00:07:23.368Z','canvas-fine','square','portrait of a fox in a raincoat, misty film grain','workspaces/wsp_syny04vr04w05rwphgtdj/inputs/jwagbcq123gn8djka2z3.jpg','workspaces/wsp_syny04vr04w05rwphgtdj/outputs/2026/10/21/job_syn03e5sk5tm84m736xyv.png','exec-syn-m7h9wyf7s415qtggtv43','{"log_id": "01SYN27NNWGTQRGV5BXDS4Z1MK", "url": "https://gateway.example.test/v1/synrwyykd11z3aaeaydc6q6ebjrtvkv6/image-studio/job_syn03e5sk5tm84m736xyv"}');
INSERT INTO "jobs" VALUES('job_synwdefz6rcc3d2m65dkm','job.video.completed','wsp_synx1kjmbsnh6qngvqrc6','usr_syny04vr04w05rwphgtdj','2','2026-10-21T09:22:39.684Z','motion-one','landscape','poster for a night market on a canal, bold risograph',NULL,'workspaces/wsp_synx1kjmbsnh6qngvqrc6/outputs/2026/10/21/job_synwdefz6rcc3d2m65dkm.mp4','exec-syn-w9f6srazbxmahhycx6sb','{"log_id": "01SYNC68B27G5Y2E5N2F4Q7061", "url": "https://gateway.example.test/v1/syn5rr0pk99101bc1chnh7jg0rttteg3/image-studio/job_synwdefz6rcc3d2m65dkm"}');
INSERT INTO "jobs" VALUES('job_synsfwvs56ppfjxtybdvm','job.image.completed','wsp_syny04vr04w05rwphgtdj','usr_synttxy4r9fnpj981nhh3','1','2026-10-22T17:51:40.566Z','canvas-fast','square','poster for a night market on a canal, frosted risograph',NULL,'workspaces/wsp_syny04vr04w05rwphgtdj/outputs/2026/10/22/job_synsfwvs56ppfjxtybdvm.png','exec-syn-7vtw6794f3eh8wd4p5tt','{"log_id": "01SYNCN6KYHTVBTRN4ZFY3PFCF", "url": "https://gateway.example.test/v1/syn0hyghcr7fxfzrrdnd7wkahpg59rf6/image-studio/job_synsfwvs56ppfjxtybdvm"}');
INSERT INTO "jobs" VALUES('job_syn6n7mgz8e34mg1vf9qp','job.upscale.completed','wsp_syn581egyzhgcgsamp5ee','usr_syny7tf76ffcyjhcx5pwn','4','2026-10-22T18:25:12.170Z','canvas-fine','landscape','poster for a night market on a canal, violet risograph','workspaces/wsp_syn581egyzhgcgsamp5ee/inputs/wagqygy59kqs1n5d8vpe.jpg','workspaces/wsp_syn581egyzhgcgsamp5ee/outputs/2026/10/22/job_syn6n7mgz8e34mg1vf9qp.png','exec-syn-vcxfd239z0wg68d5a30n','{"log_id": "01SYN72KVW0D9EFWZVPCNJ2P5F", "url": "https://gateway.example.test/v1/synejtasx04z8efdfrxap3wtd29mvejt/image-studio/job_syn6n7mgz8e34mg1vf9qp"}');
INSERT INTO "jobs" VALUES('job_sync2pdqnc4cw53rb61nq','job.image.completed','wsp_syn66ywrhrfawxzx1r83q','usr_synw31kjfh6sc55af2322','4','2026-10-23T14:40:48.632Z','canvas-fast','portrait','floor plan of a tree house with a library, gentle ink',NULL,'workspaces/wsp_syn66ywrhrfawxzx1r83q/outputs/2026/10/23/job_sync2pdqnc4cw53rb61nq.png','exec-syn-wjhtv4bmbm6km4zqp61m','{"log_id": "01SYN8PYP9G54SEXQEWYAWN1D5", "url": "https://gateway.example.test/v1/syn3wn9g2tn5enfb1w9294xw4tpsp6zm/image-studio/job_sync2pdqnc4cw53rb61nq"}');
INSERT INTO "jobs" VALUES('job_synrrc1h9jmj9229gq31h','job.image.completed','wsp_syny04vr04w05rwphgtdj','usr_synmbbmaqppycf9y7x5kj','2','2026-10-23T14:54:14.120Z','canvas-fast','landscape','a lighthouse of folded paper at dusk, amber and quiet',NULL,'workspaces/wsp_syny04vr04w05rwphgtdj/outputs/2026/10/23/job_synrrc1h9jmj9229gq31h.png','exec-syn-0n3161dh0h0gqwpc6n34','{"log_id": "01SYNTZYXRYGWNVWQ4AHGAE68X", "url": "https://gateway.example.test/v1/synab5m90am50e8133zg5azrw15qk9xr/image-studio/job_synrrc1h9jmj9229gq31h"}');
INSERT INTO "jobs" VALUES('job_synfa6ed1k0zzw97vdj7r','job.upscale.completed','wsp_synx1kjmbsnh6qngvqrc6','usr_syny04vr04w05rwphgtdj','2','2026-10-23T17:06:27.657Z','canvas-fast','landscape','floor plan of a tree house with a library, bold ink','workspaces/wsp_synx1kjmbsnh6qngvqrc6/inputs/5rcbnb26tsv93xm9feab.jpg','workspaces/wsp_synx1kjmbsnh6qngvqrc6/outputs/2026/10/23/job_synfa6ed1k0zzw97vdj7r.png','exec-syn-tptndd9558nf22n3md28','{"log_id": "01SYNEJCSJ3CXXBMVZNGNKC6Q4", "url": "https://gateway.example.test/v1/synhd6apy0xaapxfm5gb3hyzkmeynjbn/image-studio/job_synfa6ed1k0zzw97vdj7r"}');
INSERT INTO "jobs" VALUES('job_synm74r0cwhdq02ysw620','job.image.completed','wsp_synakrgbyskrf3e5nz7yj','usr_syn7tscveax282s7w1cty','2','2026-10-24T07:41:19.220Z','canvas-fast','portrait','floor plan of a tree house with a library, misty ink',NULL,'workspaces/wsp_synakrgbyskrf3e5nz7yj/outputs/2026/10/24/job_synm74r0cwhdq02ysw620.png','exec-syn-e5zd6fq95rw57jnnjsjv','{"log_id": "01SYN4FWRXD6NVXMA05X22R4DA", "url": "https://gateway.example.test/v1/synwq00zsakb724whhbxnvvx9896r3at/image-studio/job_synm74r0cwhdq02ysw620"}');
INSERT INTO "jobs" VALUES('job_synwf2xxae1smb9e36b90','job.image.completed','wsp_syn66ywrhrfawxzx1r83q','usr_syn5r0680fg8062e1gn2z','1','2026-10-25T00:58:01.057Z','canvas-fast','square','portrait of a fox in a raincoat, violet film grain',NULL,'workspaces/wsp_syn66ywrhrfawxzx1r83q/outputs/2026/10/25/job_synwf2xxae1smb9e36b90.png','exec-syn-p2zeq9rh9440faanqr1v','{"log_id": "01SYNAE3VMT51DM64VFRVVA5S2", "url": "https://gateway.example.test/v1/synkaykx9ejqndrpb1mz0jz021zvwsaf/image-studio/job_synwf2xxae1smb9e36b90"}');
INSERT INTO "jobs" VALUES('job_synjmp0afpybxsa0b1fqj','job.image.completed','wsp_syndjxjjnwg5ckjz3mrjf','usr_synx9r7807jqr6sxsxbfz','4','2026-10-25T04:31:36.965Z','canvas-fast','square','poster for a night market on a canal, amber risograph',NULL,'workspaces/wsp_syndjxjjnwg5ckjz3mrjf/outputs/2026/10/25/job_synjmp0afpybxsa0b1fqj.png','exec-syn-qest7rwqvpwpb39akrv8','{"log_id": "01SYNZVVFVWD1GW2VS6GF748FD", "url": "https://gateway.example.test/v1/synfewb22c8w2acktpqnwpe3hqg3xmer/image-studio/job_synjmp0afpybxsa0b1fqj"}');
INSERT INTO "jobs" VALUES('job_syntxgnk3vh4ey6gxc163','job.image.failed','wsp_synx1kjmbsnh6qngvqrc6','usr_synx1kjmbsnh6qngvqrc6','1','2026-10-26T02:02:36.144Z','canvas-fine','square','portrait of a fox in a raincoat, violet film grain',NULL,NULL,'exec-syn-a80khdrqrgxc7kzhn22y','{"log_id": "01SYNABR358DHPF6PAV9EMQD7F", "url": "https://gateway.example.test/v1/synyhmwa5sd9mh8gr5ngxmdr8eeykkxa/image-studio/job_syntxgnk3vh4ey6gxc163"}');
INSERT INTO "jobs" VALUES('job_synwqq6ppa22a7sz1jykj','job.video.completed','wsp_syn9dtdrvkkm2w51qynkf','usr_synj4xh49kbba2h2eyxer','9.5','2026-10-26T13:43:00.444Z','motion-one','square','floor plan of a tree house with a library, gentle ink',NULL,'workspaces/wsp_syn9dtdrvkkm2w51qynkf/outputs/2026/10/26/job_synwqq6ppa22a7sz1jykj.mp4','exec-syn-c0y85fhka44wqyct12gh','{"log_id": "01SYNXFPMHQGK2JTYZHNTARWPR", "url": "https://gateway.example.test/v1/synbfse1cghdpzfp93zqt20rq4mq70as/image-studio/job_synwqq6ppa22a7sz1jykj"}');
INSERT INTO "jobs" VALUES('job_synn69s7xjje0y5f39q7f','job.image.failed','wsp_syny04vr04w05rwphgtdj','usr_synmbbmaqppycf9y7x5kj','1','2026-11-01T08:39:01.547Z','canvas-fine','square','poster for a night market on a canal, misty risograph',NULL,NULL,'exec-syn-7bfzbrhgwjfpgyaj2v9r','{"log_id": "01SYNTZJFM7MV6SC787VWSASYW", "url": "https://gateway.example.test/v1/synbmeshpbxckrd9276ecdpzzsffgqnj/image-studio/job_synn69s7xjje0y5f39q7f"}');
INSERT INTO "jobs" VALUES('job_synrz48n88zpp0gb325pv','job.image.completed','wsp_synakrgbyskrf3e5nz7yj','usr_syn7tscveax282s7w1cty','4','2026-11-02T11:39:27.591Z','canvas-fast','square','a lighthouse of folded paper at dusk, bold and quiet',NULL,'workspaces/wsp_synakrgbyskrf3e5nz7yj/outputs/2026/11/02/job_synrz48n88zpp0gb325pv.png','exec-syn-km6wsbsv9v46ep6ws2va','{"log_id": "01SYNETKWGGQ7DTRGG9D4EHT5F", "url": "https://gateway.example.test/v1/syn162hzybsca48bfev0zetsd4a7zk0m/image-studio/job_synrz48n88zpp0gb325pv"}');
DELETE FROM sqlite_sequence;
INSERT INTO "sqlite_sequence" VALUES('d1_migrations',1);
CREATE INDEX jobs_by_time ON jobs (finished_at, id);