PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO alembic_version VALUES('9fa37f66a9b6');
CREATE TABLE accesstokenkind (
	id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_accesstokenkind PRIMARY KEY (id)
);
INSERT INTO accesstokenkind VALUES(1,'build-worker');
INSERT INTO accesstokenkind VALUES(2,'pushpull-token');
CREATE TABLE buildtriggerservice (
	id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_buildtriggerservice PRIMARY KEY (id)
);
INSERT INTO buildtriggerservice VALUES(1,'github');
INSERT INTO buildtriggerservice VALUES(2,'gitlab');
INSERT INTO buildtriggerservice VALUES(3,'bitbucket');
INSERT INTO buildtriggerservice VALUES(4,'custom-git');
CREATE TABLE externalnotificationevent (
	id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_externalnotificationevent PRIMARY KEY (id)
);
INSERT INTO externalnotificationevent VALUES(1,'build_failure');
INSERT INTO externalnotificationevent VALUES(2,'build_queued');
INSERT INTO externalnotificationevent VALUES(3,'build_start');
INSERT INTO externalnotificationevent VALUES(4,'build_success');
INSERT INTO externalnotificationevent VALUES(5,'repo_push');
INSERT INTO externalnotificationevent VALUES(6,'vulnerability_found');
INSERT INTO externalnotificationevent VALUES(7,'build_cancelled');
INSERT INTO externalnotificationevent VALUES(8,'repo_mirror_sync_started');
INSERT INTO externalnotificationevent VALUES(9,'repo_mirror_sync_success');
INSERT INTO externalnotificationevent VALUES(10,'repo_mirror_sync_failed');
INSERT INTO externalnotificationevent VALUES(11,'repo_image_expiry');
INSERT INTO externalnotificationevent VALUES(12,'quota_warning');
INSERT INTO externalnotificationevent VALUES(13,'quota_error');
CREATE TABLE externalnotificationmethod (
	id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_externalnotificationmethod PRIMARY KEY (id)
);
INSERT INTO externalnotificationmethod VALUES(1,'email');
INSERT INTO externalnotificationmethod VALUES(2,'flowdock');
INSERT INTO externalnotificationmethod VALUES(3,'hipchat');
INSERT INTO externalnotificationmethod VALUES(4,'quay_notification');
INSERT INTO externalnotificationmethod VALUES(5,'slack');
INSERT INTO externalnotificationmethod VALUES(6,'webhook');
CREATE TABLE imagestoragelocation (
	id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_imagestoragelocation PRIMARY KEY (id)
);
INSERT INTO imagestoragelocation VALUES(1,'s3_us_east_1');
INSERT INTO imagestoragelocation VALUES(2,'s3_eu_west_1');
INSERT INTO imagestoragelocation VALUES(3,'s3_ap_southeast_1');
INSERT INTO imagestoragelocation VALUES(4,'s3_ap_southeast_2');
INSERT INTO imagestoragelocation VALUES(5,'s3_ap_northeast_1');
INSERT INTO imagestoragelocation VALUES(6,'s3_sa_east_1');
INSERT INTO imagestoragelocation VALUES(7,'local');
INSERT INTO imagestoragelocation VALUES(8,'s3_us_west_1');
INSERT INTO imagestoragelocation VALUES(9,'local_eu');
INSERT INTO imagestoragelocation VALUES(10,'local_us');
CREATE TABLE imagestoragesignaturekind (
	id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_imagestoragesignaturekind PRIMARY KEY (id)
);
INSERT INTO imagestoragesignaturekind VALUES(1,'gpg2');
CREATE TABLE imagestoragetransformation (
	id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_imagestoragetransformation PRIMARY KEY (id)
);
INSERT INTO imagestoragetransformation VALUES(1,'squash');
INSERT INTO imagestoragetransformation VALUES(2,'aci');
CREATE TABLE labelsourcetype (
	id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	mutable BOOLEAN NOT NULL, 
	CONSTRAINT pk_labelsourcetype PRIMARY KEY (id)
);
INSERT INTO labelsourcetype VALUES(1,'manifest',0);
INSERT INTO labelsourcetype VALUES(2,'api',1);
INSERT INTO labelsourcetype VALUES(3,'internal',0);
CREATE TABLE logentrykind (
	id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_logentrykind PRIMARY KEY (id)
);
INSERT INTO logentrykind VALUES(1,'account_change_cc');
INSERT INTO logentrykind VALUES(2,'account_change_password');
INSERT INTO logentrykind VALUES(3,'account_change_plan');
INSERT INTO logentrykind VALUES(4,'account_convert');
INSERT INTO logentrykind VALUES(5,'add_repo_accesstoken');
INSERT INTO logentrykind VALUES(6,'add_repo_notification');
INSERT INTO logentrykind VALUES(7,'add_repo_permission');
INSERT INTO logentrykind VALUES(8,'add_repo_webhook');
INSERT INTO logentrykind VALUES(9,'build_dockerfile');
INSERT INTO logentrykind VALUES(10,'change_repo_permission');
INSERT INTO logentrykind VALUES(11,'change_repo_visibility');
INSERT INTO logentrykind VALUES(12,'create_application');
INSERT INTO logentrykind VALUES(13,'create_prototype_permission');
INSERT INTO logentrykind VALUES(14,'create_repo');
INSERT INTO logentrykind VALUES(15,'create_robot');
INSERT INTO logentrykind VALUES(16,'create_tag');
INSERT INTO logentrykind VALUES(17,'delete_application');
INSERT INTO logentrykind VALUES(18,'delete_prototype_permission');
INSERT INTO logentrykind VALUES(19,'delete_repo');
INSERT INTO logentrykind VALUES(20,'delete_repo_accesstoken');
INSERT INTO logentrykind VALUES(21,'delete_repo_notification');
INSERT INTO logentrykind VALUES(22,'delete_repo_permission');
INSERT INTO logentrykind VALUES(23,'delete_repo_trigger');
INSERT INTO logentrykind VALUES(24,'delete_repo_webhook');
INSERT INTO logentrykind VALUES(25,'delete_robot');
INSERT INTO logentrykind VALUES(26,'delete_tag');
INSERT INTO logentrykind VALUES(27,'manifest_label_add');
INSERT INTO logentrykind VALUES(28,'manifest_label_delete');
INSERT INTO logentrykind VALUES(29,'modify_prototype_permission');
INSERT INTO logentrykind VALUES(30,'move_tag');
INSERT INTO logentrykind VALUES(31,'org_add_team_member');
INSERT INTO logentrykind VALUES(32,'org_create_team');
INSERT INTO logentrykind VALUES(33,'org_delete_team');
INSERT INTO logentrykind VALUES(34,'org_delete_team_member_invite');
INSERT INTO logentrykind VALUES(35,'org_invite_team_member');
INSERT INTO logentrykind VALUES(36,'org_remove_team_member');
INSERT INTO logentrykind VALUES(37,'org_set_team_description');
INSERT INTO logentrykind VALUES(38,'org_set_team_role');
INSERT INTO logentrykind VALUES(39,'org_team_member_invite_accepted');
INSERT INTO logentrykind VALUES(40,'org_team_member_invite_declined');
INSERT INTO logentrykind VALUES(41,'pull_repo');
INSERT INTO logentrykind VALUES(42,'push_repo');
INSERT INTO logentrykind VALUES(43,'regenerate_robot_token');
INSERT INTO logentrykind VALUES(44,'repo_verb');
INSERT INTO logentrykind VALUES(45,'reset_application_client_secret');
INSERT INTO logentrykind VALUES(46,'revert_tag');
INSERT INTO logentrykind VALUES(47,'service_key_approve');
INSERT INTO logentrykind VALUES(48,'service_key_create');
INSERT INTO logentrykind VALUES(49,'service_key_delete');
INSERT INTO logentrykind VALUES(50,'service_key_extend');
INSERT INTO logentrykind VALUES(51,'service_key_modify');
INSERT INTO logentrykind VALUES(52,'service_key_rotate');
INSERT INTO logentrykind VALUES(53,'setup_repo_trigger');
INSERT INTO logentrykind VALUES(54,'set_repo_description');
INSERT INTO logentrykind VALUES(55,'take_ownership');
INSERT INTO logentrykind VALUES(56,'update_application');
INSERT INTO logentrykind VALUES(57,'change_repo_trust');
INSERT INTO logentrykind VALUES(58,'reset_repo_notification');
INSERT INTO logentrykind VALUES(59,'change_tag_expiration');
INSERT INTO logentrykind VALUES(60,'create_app_specific_token');
INSERT INTO logentrykind VALUES(61,'revoke_app_specific_token');
INSERT INTO logentrykind VALUES(62,'toggle_repo_trigger');
INSERT INTO logentrykind VALUES(63,'repo_mirror_enabled');
INSERT INTO logentrykind VALUES(64,'repo_mirror_disabled');
INSERT INTO logentrykind VALUES(65,'repo_mirror_config_changed');
INSERT INTO logentrykind VALUES(66,'repo_mirror_sync_started');
INSERT INTO logentrykind VALUES(67,'repo_mirror_sync_failed');
INSERT INTO logentrykind VALUES(68,'repo_mirror_sync_success');
INSERT INTO logentrykind VALUES(69,'repo_mirror_sync_now_requested');
INSERT INTO logentrykind VALUES(70,'repo_mirror_sync_tag_success');
INSERT INTO logentrykind VALUES(71,'repo_mirror_sync_tag_failed');
INSERT INTO logentrykind VALUES(72,'repo_mirror_sync_test_success');
INSERT INTO logentrykind VALUES(73,'repo_mirror_sync_test_failed');
INSERT INTO logentrykind VALUES(74,'repo_mirror_sync_test_started');
INSERT INTO logentrykind VALUES(75,'change_repo_state');
INSERT INTO logentrykind VALUES(76,'create_proxy_cache_config');
INSERT INTO logentrykind VALUES(77,'delete_proxy_cache_config');
INSERT INTO logentrykind VALUES(78,'start_build_trigger');
INSERT INTO logentrykind VALUES(79,'cancel_build');
INSERT INTO logentrykind VALUES(80,'org_create');
INSERT INTO logentrykind VALUES(81,'org_delete');
INSERT INTO logentrykind VALUES(82,'org_change_email');
INSERT INTO logentrykind VALUES(83,'org_change_invoicing');
INSERT INTO logentrykind VALUES(84,'org_change_tag_expiration');
INSERT INTO logentrykind VALUES(85,'org_change_name');
INSERT INTO logentrykind VALUES(86,'user_create');
INSERT INTO logentrykind VALUES(87,'user_delete');
INSERT INTO logentrykind VALUES(88,'user_disable');
INSERT INTO logentrykind VALUES(89,'user_enable');
INSERT INTO logentrykind VALUES(90,'user_change_email');
INSERT INTO logentrykind VALUES(91,'user_change_password');
INSERT INTO logentrykind VALUES(92,'user_change_name');
INSERT INTO logentrykind VALUES(93,'user_change_invoicing');
INSERT INTO logentrykind VALUES(94,'user_change_tag_expiration');
INSERT INTO logentrykind VALUES(95,'user_change_metadata');
INSERT INTO logentrykind VALUES(96,'user_generate_client_key');
INSERT INTO logentrykind VALUES(97,'login_success');
INSERT INTO logentrykind VALUES(98,'logout_success');
INSERT INTO logentrykind VALUES(99,'permanently_delete_tag');
INSERT INTO logentrykind VALUES(100,'autoprune_tag_delete');
INSERT INTO logentrykind VALUES(101,'create_namespace_autoprune_policy');
INSERT INTO logentrykind VALUES(102,'update_namespace_autoprune_policy');
INSERT INTO logentrykind VALUES(103,'delete_namespace_autoprune_policy');
INSERT INTO logentrykind VALUES(104,'login_failure');
INSERT INTO logentrykind VALUES(105,'push_repo_failed');
INSERT INTO logentrykind VALUES(106,'pull_repo_failed');
INSERT INTO logentrykind VALUES(107,'delete_tag_failed');
INSERT INTO logentrykind VALUES(108,'create_repository_autoprune_policy');
INSERT INTO logentrykind VALUES(109,'update_repository_autoprune_policy');
INSERT INTO logentrykind VALUES(110,'delete_repository_autoprune_policy');
INSERT INTO logentrykind VALUES(111,'enable_team_sync');
INSERT INTO logentrykind VALUES(112,'disable_team_sync');
INSERT INTO logentrykind VALUES(113,'oauth_token_assigned');
INSERT INTO logentrykind VALUES(114,'oauth_token_revoked');
INSERT INTO logentrykind VALUES(115,'change_tag_immutability');
INSERT INTO logentrykind VALUES(116,'create_robot_federation');
INSERT INTO logentrykind VALUES(117,'delete_robot_federation');
INSERT INTO logentrykind VALUES(118,'federated_robot_token_exchange');
INSERT INTO logentrykind VALUES(119,'export_logs_success');
INSERT INTO logentrykind VALUES(120,'export_logs_failure');
INSERT INTO logentrykind VALUES(121,'org_create_quota');
INSERT INTO logentrykind VALUES(122,'org_change_quota');
INSERT INTO logentrykind VALUES(123,'org_delete_quota');
INSERT INTO logentrykind VALUES(124,'org_create_quota_limit');
INSERT INTO logentrykind VALUES(125,'org_change_quota_limit');
INSERT INTO logentrykind VALUES(126,'org_delete_quota_limit');
INSERT INTO logentrykind VALUES(127,'org_mirror_enabled');
INSERT INTO logentrykind VALUES(128,'org_mirror_disabled');
INSERT INTO logentrykind VALUES(129,'org_mirror_config_changed');
INSERT INTO logentrykind VALUES(130,'org_mirror_sync_started');
INSERT INTO logentrykind VALUES(131,'org_mirror_sync_failed');
INSERT INTO logentrykind VALUES(132,'org_mirror_sync_success');
INSERT INTO logentrykind VALUES(133,'org_mirror_sync_now_requested');
INSERT INTO logentrykind VALUES(134,'org_mirror_sync_cancelled');
INSERT INTO logentrykind VALUES(135,'org_mirror_repo_created');
INSERT INTO logentrykind VALUES(136,'create_immutability_policy');
INSERT INTO logentrykind VALUES(137,'update_immutability_policy');
INSERT INTO logentrykind VALUES(138,'delete_immutability_policy');
INSERT INTO logentrykind VALUES(139,'org_mirror_repo_creation_failed');
INSERT INTO logentrykind VALUES(140,'tag_made_immutable_by_policy');
INSERT INTO logentrykind VALUES(141,'tags_made_immutable_by_policy');
INSERT INTO logentrykind VALUES(142,'create_oauth_api_token');
INSERT INTO logentrykind VALUES(143,'revoke_oauth_api_token');
INSERT INTO logentrykind VALUES(144,'create_namespace_notification');
INSERT INTO logentrykind VALUES(145,'delete_namespace_notification');
INSERT INTO logentrykind VALUES(146,'reset_namespace_notification');
CREATE TABLE loginservice (
	id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_loginservice PRIMARY KEY (id)
);
INSERT INTO loginservice VALUES(1,'github');
INSERT INTO loginservice VALUES(2,'quayrobot');
INSERT INTO loginservice VALUES(3,'ldap');
INSERT INTO loginservice VALUES(4,'google');
INSERT INTO loginservice VALUES(5,'keystone');
INSERT INTO loginservice VALUES(6,'dex');
INSERT INTO loginservice VALUES(7,'jwtauthn');
INSERT INTO loginservice VALUES(8,'oidc');
CREATE TABLE mediatype (
	id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_mediatype PRIMARY KEY (id)
);
INSERT INTO mediatype VALUES(1,'text/plain');
INSERT INTO mediatype VALUES(2,'application/json');
INSERT INTO mediatype VALUES(3,'text/markdown');
INSERT INTO mediatype VALUES(4,'application/vnd.cnr.blob.v0.tar+gzip');
INSERT INTO mediatype VALUES(5,'application/vnd.cnr.package-manifest.helm.v0.json');
INSERT INTO mediatype VALUES(6,'application/vnd.cnr.package-manifest.kpm.v0.json');
INSERT INTO mediatype VALUES(7,'application/vnd.cnr.package-manifest.docker-compose.v0.json');
INSERT INTO mediatype VALUES(8,'application/vnd.cnr.package.kpm.v0.tar+gzip');
INSERT INTO mediatype VALUES(9,'application/vnd.cnr.package.helm.v0.tar+gzip');
INSERT INTO mediatype VALUES(10,'application/vnd.cnr.package.docker-compose.v0.tar+gzip');
INSERT INTO mediatype VALUES(11,'application/vnd.cnr.manifests.v0.json');
INSERT INTO mediatype VALUES(12,'application/vnd.cnr.manifest.list.v0.json');
INSERT INTO mediatype VALUES(13,'application/vnd.docker.distribution.manifest.v1+prettyjws');
INSERT INTO mediatype VALUES(14,'application/vnd.docker.distribution.manifest.v1+json');
INSERT INTO mediatype VALUES(15,'application/vnd.docker.distribution.manifest.v2+json');
INSERT INTO mediatype VALUES(16,'application/vnd.docker.distribution.manifest.list.v2+json');
INSERT INTO mediatype VALUES(17,'application/vnd.oci.image.manifest.v1+json');
INSERT INTO mediatype VALUES(18,'application/vnd.oci.image.index.v1+json');
CREATE TABLE notificationkind (
	id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_notificationkind PRIMARY KEY (id)
);
INSERT INTO notificationkind VALUES(1,'build_failure');
INSERT INTO notificationkind VALUES(2,'build_queued');
INSERT INTO notificationkind VALUES(3,'build_start');
INSERT INTO notificationkind VALUES(4,'build_success');
INSERT INTO notificationkind VALUES(5,'expiring_license');
INSERT INTO notificationkind VALUES(6,'maintenance');
INSERT INTO notificationkind VALUES(7,'org_team_invite');
INSERT INTO notificationkind VALUES(8,'over_private_usage');
INSERT INTO notificationkind VALUES(9,'password_required');
INSERT INTO notificationkind VALUES(10,'repo_push');
INSERT INTO notificationkind VALUES(11,'service_key_submitted');
INSERT INTO notificationkind VALUES(12,'vulnerability_found');
INSERT INTO notificationkind VALUES(13,'build_cancelled');
INSERT INTO notificationkind VALUES(14,'repo_mirror_sync_started');
INSERT INTO notificationkind VALUES(15,'repo_mirror_sync_success');
INSERT INTO notificationkind VALUES(16,'repo_mirror_sync_failed');
INSERT INTO notificationkind VALUES(17,'quota_warning');
INSERT INTO notificationkind VALUES(18,'quota_error');
INSERT INTO notificationkind VALUES(19,'assigned_authorization');
INSERT INTO notificationkind VALUES(20,'test_notification');
CREATE TABLE quayregion (
	id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_quayregion PRIMARY KEY (id)
);
INSERT INTO quayregion VALUES(1,'us');
CREATE TABLE quayservice (
	id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_quayservice PRIMARY KEY (id)
);
INSERT INTO quayservice VALUES(1,'quay');
CREATE TABLE queueitem (
	id INTEGER NOT NULL, 
	queue_name VARCHAR(1024) NOT NULL, 
	body TEXT NOT NULL, 
	available_after DATETIME NOT NULL, 
	available BOOLEAN NOT NULL, 
	processing_expires DATETIME, 
	retries_remaining INTEGER NOT NULL, state_id VARCHAR(255) DEFAULT '' NOT NULL, 
	CONSTRAINT pk_queueitem PRIMARY KEY (id)
);
INSERT INTO queueitem VALUES(1,'fakequeue/canonical/job/name/','{}','2026-11-24 04:03:46.392241',1,NULL,5,'8311b8c4-32f1-4610-9db1-dc3467117801');
CREATE TABLE role (
	id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_role PRIMARY KEY (id)
);
INSERT INTO role VALUES(1,'admin');
INSERT INTO role VALUES(2,'write');
INSERT INTO role VALUES(3,'read');
CREATE TABLE servicekeyapproval (
	id INTEGER NOT NULL, 
	approver_id INTEGER, 
	approval_type VARCHAR(255) NOT NULL, 
	approved_date DATETIME NOT NULL, 
	notes TEXT NOT NULL, 
	CONSTRAINT pk_servicekeyapproval PRIMARY KEY (id)
);
INSERT INTO servicekeyapproval VALUES(1,NULL,'ServiceKeyApprovalType.AUTOMATIC','2026-11-24 04:03:20.161795','');
INSERT INTO servicekeyapproval VALUES(2,NULL,'ServiceKeyApprovalType.SUPERUSER','2026-11-24 04:03:43.949534','The **test** approval');
INSERT INTO servicekeyapproval VALUES(3,NULL,'ServiceKeyApprovalType.SUPERUSER','2026-11-24 04:03:44.257902','The **test** approval');
INSERT INTO servicekeyapproval VALUES(4,NULL,'ServiceKeyApprovalType.KEY_ROTATION','2026-11-24 04:03:44.643623','The **test** approval');
INSERT INTO servicekeyapproval VALUES(5,NULL,'ServiceKeyApprovalType.SUPERUSER','2026-11-24 04:03:44.799763','The **test** approval');
INSERT INTO servicekeyapproval VALUES(6,NULL,'ServiceKeyApprovalType.SUPERUSER','2026-11-24 04:03:45.349213','The **test** approval');
INSERT INTO servicekeyapproval VALUES(7,NULL,'ServiceKeyApprovalType.SUPERUSER','2026-11-24 04:03:46.217085','The **test** approval');
INSERT INTO servicekeyapproval VALUES(8,NULL,'ServiceKeyApprovalType.SUPERUSER','2026-11-24 04:03:46.259741','Test service key for local/test registry testing');
CREATE TABLE teamrole (
	id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_teamrole PRIMARY KEY (id)
);
INSERT INTO teamrole VALUES(1,'admin');
INSERT INTO teamrole VALUES(2,'creator');
INSERT INTO teamrole VALUES(3,'member');
CREATE TABLE visibility (
	id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_visibility PRIMARY KEY (id)
);
INSERT INTO visibility VALUES(1,'public');
INSERT INTO visibility VALUES(2,'private');
CREATE TABLE emailconfirmation (
	id INTEGER NOT NULL, 
	code VARCHAR(255) NOT NULL, 
	user_id INTEGER NOT NULL, 
	pw_reset BOOLEAN NOT NULL, 
	new_email VARCHAR(255), 
	email_confirm BOOLEAN NOT NULL, 
	created DATETIME NOT NULL, verification_code VARCHAR(255), 
	CONSTRAINT pk_emailconfirmation PRIMARY KEY (id), 
	CONSTRAINT fk_emailconfirmation_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
);
INSERT INTO emailconfirmation VALUES(1,'HRSQUKI7MFN9NYQP',1,0,'typo@devtable.com',1,'2026-11-24 04:03:21.783532','$2b$12$4vfpbLJGJJowp00A45OkX.rn99/PCK0oya6jssj6AwDSUBv8rek3O');
CREATE TABLE federatedlogin (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	service_id INTEGER NOT NULL, 
	service_ident VARCHAR(255) NOT NULL, 
	metadata_json TEXT NOT NULL, 
	CONSTRAINT pk_federatedlogin PRIMARY KEY (id), 
	CONSTRAINT fk_federatedlogin_service_id_loginservice FOREIGN KEY(service_id) REFERENCES loginservice (id), 
	CONSTRAINT fk_federatedlogin_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
);
INSERT INTO federatedlogin VALUES(1,3,2,'robot:3','{}');
INSERT INTO federatedlogin VALUES(2,4,2,'robot:4','{}');
INSERT INTO federatedlogin VALUES(3,7,2,'robot:7','{}');
INSERT INTO federatedlogin VALUES(4,21,2,'robot:21','{}');
INSERT INTO federatedlogin VALUES(5,23,2,'robot:23','{}');
INSERT INTO federatedlogin VALUES(6,24,2,'robot:24','{}');
INSERT INTO federatedlogin VALUES(7,25,2,'robot:25','{}');
INSERT INTO federatedlogin VALUES(8,1,2,'fake-id1','{"service_username": "devtable"}');
INSERT INTO federatedlogin VALUES(9,5,2,'fake-id2','{"service_username": "freshuser"}');
CREATE TABLE imagestorageplacement (
	id INTEGER NOT NULL, 
	storage_id INTEGER NOT NULL, 
	location_id INTEGER NOT NULL, 
	CONSTRAINT pk_imagestorageplacement PRIMARY KEY (id), 
	CONSTRAINT fk_imagestorageplacement_location_id_imagestoragelocation FOREIGN KEY(location_id) REFERENCES imagestoragelocation (id), 
	CONSTRAINT fk_imagestorageplacement_storage_id_imagestorage FOREIGN KEY(storage_id) REFERENCES imagestorage (id)
);
INSERT INTO imagestorageplacement VALUES(1,1,10);
INSERT INTO imagestorageplacement VALUES(2,2,10);
INSERT INTO imagestorageplacement VALUES(3,3,10);
INSERT INTO imagestorageplacement VALUES(4,4,10);
INSERT INTO imagestorageplacement VALUES(5,5,10);
INSERT INTO imagestorageplacement VALUES(6,6,10);
INSERT INTO imagestorageplacement VALUES(7,7,10);
INSERT INTO imagestorageplacement VALUES(8,8,10);
INSERT INTO imagestorageplacement VALUES(9,9,10);
INSERT INTO imagestorageplacement VALUES(10,10,10);
INSERT INTO imagestorageplacement VALUES(11,11,10);
INSERT INTO imagestorageplacement VALUES(12,12,10);
INSERT INTO imagestorageplacement VALUES(13,13,10);
INSERT INTO imagestorageplacement VALUES(14,14,10);
INSERT INTO imagestorageplacement VALUES(15,15,10);
INSERT INTO imagestorageplacement VALUES(16,16,10);
INSERT INTO imagestorageplacement VALUES(17,17,10);
INSERT INTO imagestorageplacement VALUES(18,18,10);
INSERT INTO imagestorageplacement VALUES(19,19,10);
INSERT INTO imagestorageplacement VALUES(20,20,10);
INSERT INTO imagestorageplacement VALUES(21,21,10);
INSERT INTO imagestorageplacement VALUES(22,22,10);
INSERT INTO imagestorageplacement VALUES(23,23,10);
INSERT INTO imagestorageplacement VALUES(24,24,10);
INSERT INTO imagestorageplacement VALUES(25,25,10);
INSERT INTO imagestorageplacement VALUES(26,26,10);
INSERT INTO imagestorageplacement VALUES(27,27,10);
INSERT INTO imagestorageplacement VALUES(28,28,10);
INSERT INTO imagestorageplacement VALUES(29,29,10);
INSERT INTO imagestorageplacement VALUES(30,30,10);
INSERT INTO imagestorageplacement VALUES(31,31,10);
INSERT INTO imagestorageplacement VALUES(32,32,10);
INSERT INTO imagestorageplacement VALUES(33,33,10);
INSERT INTO imagestorageplacement VALUES(34,34,10);
INSERT INTO imagestorageplacement VALUES(35,35,10);
INSERT INTO imagestorageplacement VALUES(36,36,10);
INSERT INTO imagestorageplacement VALUES(37,37,10);
INSERT INTO imagestorageplacement VALUES(38,38,10);
INSERT INTO imagestorageplacement VALUES(39,39,10);
INSERT INTO imagestorageplacement VALUES(40,40,10);
INSERT INTO imagestorageplacement VALUES(41,41,10);
INSERT INTO imagestorageplacement VALUES(42,42,10);
INSERT INTO imagestorageplacement VALUES(43,43,10);
INSERT INTO imagestorageplacement VALUES(44,44,10);
INSERT INTO imagestorageplacement VALUES(45,45,10);
INSERT INTO imagestorageplacement VALUES(46,46,10);
INSERT INTO imagestorageplacement VALUES(47,47,10);
INSERT INTO imagestorageplacement VALUES(48,48,10);
INSERT INTO imagestorageplacement VALUES(49,49,10);
INSERT INTO imagestorageplacement VALUES(50,50,10);
INSERT INTO imagestorageplacement VALUES(51,51,10);
INSERT INTO imagestorageplacement VALUES(52,52,10);
INSERT INTO imagestorageplacement VALUES(53,53,10);
INSERT INTO imagestorageplacement VALUES(54,54,10);
INSERT INTO imagestorageplacement VALUES(55,55,10);
INSERT INTO imagestorageplacement VALUES(56,56,10);
INSERT INTO imagestorageplacement VALUES(57,57,10);
INSERT INTO imagestorageplacement VALUES(58,58,10);
INSERT INTO imagestorageplacement VALUES(59,59,10);
INSERT INTO imagestorageplacement VALUES(60,60,10);
INSERT INTO imagestorageplacement VALUES(61,61,10);
INSERT INTO imagestorageplacement VALUES(62,62,10);
INSERT INTO imagestorageplacement VALUES(63,63,10);
INSERT INTO imagestorageplacement VALUES(64,64,10);
INSERT INTO imagestorageplacement VALUES(65,65,10);
INSERT INTO imagestorageplacement VALUES(66,66,10);
INSERT INTO imagestorageplacement VALUES(67,67,10);
INSERT INTO imagestorageplacement VALUES(68,68,10);
INSERT INTO imagestorageplacement VALUES(69,69,10);
INSERT INTO imagestorageplacement VALUES(70,70,10);
INSERT INTO imagestorageplacement VALUES(71,71,10);
INSERT INTO imagestorageplacement VALUES(72,72,10);
INSERT INTO imagestorageplacement VALUES(73,73,10);
INSERT INTO imagestorageplacement VALUES(74,74,10);
INSERT INTO imagestorageplacement VALUES(75,75,10);
INSERT INTO imagestorageplacement VALUES(76,76,10);
INSERT INTO imagestorageplacement VALUES(77,77,10);
INSERT INTO imagestorageplacement VALUES(78,78,10);
INSERT INTO imagestorageplacement VALUES(79,79,10);
INSERT INTO imagestorageplacement VALUES(80,80,10);
INSERT INTO imagestorageplacement VALUES(81,81,10);
INSERT INTO imagestorageplacement VALUES(82,82,10);
INSERT INTO imagestorageplacement VALUES(83,83,10);
INSERT INTO imagestorageplacement VALUES(84,84,10);
INSERT INTO imagestorageplacement VALUES(85,85,10);
INSERT INTO imagestorageplacement VALUES(86,86,10);
INSERT INTO imagestorageplacement VALUES(87,87,10);
INSERT INTO imagestorageplacement VALUES(88,88,10);
INSERT INTO imagestorageplacement VALUES(89,89,10);
INSERT INTO imagestorageplacement VALUES(90,90,10);
INSERT INTO imagestorageplacement VALUES(91,91,10);
INSERT INTO imagestorageplacement VALUES(92,92,10);
INSERT INTO imagestorageplacement VALUES(93,93,10);
INSERT INTO imagestorageplacement VALUES(94,94,10);
INSERT INTO imagestorageplacement VALUES(95,95,10);
INSERT INTO imagestorageplacement VALUES(96,96,10);
INSERT INTO imagestorageplacement VALUES(97,97,10);
INSERT INTO imagestorageplacement VALUES(98,98,10);
INSERT INTO imagestorageplacement VALUES(99,99,10);
INSERT INTO imagestorageplacement VALUES(100,100,10);
INSERT INTO imagestorageplacement VALUES(101,101,10);
INSERT INTO imagestorageplacement VALUES(102,102,10);
INSERT INTO imagestorageplacement VALUES(103,103,10);
INSERT INTO imagestorageplacement VALUES(104,104,10);
INSERT INTO imagestorageplacement VALUES(105,105,10);
INSERT INTO imagestorageplacement VALUES(106,106,10);
INSERT INTO imagestorageplacement VALUES(107,107,10);
INSERT INTO imagestorageplacement VALUES(108,108,10);
INSERT INTO imagestorageplacement VALUES(109,109,10);
INSERT INTO imagestorageplacement VALUES(110,110,10);
INSERT INTO imagestorageplacement VALUES(111,111,10);
INSERT INTO imagestorageplacement VALUES(112,112,10);
INSERT INTO imagestorageplacement VALUES(113,113,10);
INSERT INTO imagestorageplacement VALUES(114,114,10);
INSERT INTO imagestorageplacement VALUES(115,115,10);
INSERT INTO imagestorageplacement VALUES(116,116,10);
INSERT INTO imagestorageplacement VALUES(117,117,10);
INSERT INTO imagestorageplacement VALUES(118,118,10);
INSERT INTO imagestorageplacement VALUES(119,119,10);
INSERT INTO imagestorageplacement VALUES(120,120,10);
INSERT INTO imagestorageplacement VALUES(121,121,10);
INSERT INTO imagestorageplacement VALUES(122,122,10);
INSERT INTO imagestorageplacement VALUES(123,123,10);
INSERT INTO imagestorageplacement VALUES(124,124,10);
INSERT INTO imagestorageplacement VALUES(125,125,10);
INSERT INTO imagestorageplacement VALUES(126,126,10);
INSERT INTO imagestorageplacement VALUES(127,127,10);
INSERT INTO imagestorageplacement VALUES(128,128,10);
INSERT INTO imagestorageplacement VALUES(129,129,10);
INSERT INTO imagestorageplacement VALUES(130,130,10);
INSERT INTO imagestorageplacement VALUES(131,131,10);
INSERT INTO imagestorageplacement VALUES(132,132,10);
INSERT INTO imagestorageplacement VALUES(133,133,10);
INSERT INTO imagestorageplacement VALUES(134,134,10);
INSERT INTO imagestorageplacement VALUES(135,135,10);
INSERT INTO imagestorageplacement VALUES(136,136,10);
INSERT INTO imagestorageplacement VALUES(137,137,10);
INSERT INTO imagestorageplacement VALUES(138,138,10);
INSERT INTO imagestorageplacement VALUES(139,139,10);
INSERT INTO imagestorageplacement VALUES(140,140,10);
INSERT INTO imagestorageplacement VALUES(141,141,10);
INSERT INTO imagestorageplacement VALUES(142,142,10);
INSERT INTO imagestorageplacement VALUES(143,143,10);
INSERT INTO imagestorageplacement VALUES(144,144,10);
INSERT INTO imagestorageplacement VALUES(145,145,10);
INSERT INTO imagestorageplacement VALUES(146,146,10);
INSERT INTO imagestorageplacement VALUES(147,147,10);
INSERT INTO imagestorageplacement VALUES(148,148,10);
INSERT INTO imagestorageplacement VALUES(149,149,10);
INSERT INTO imagestorageplacement VALUES(150,150,10);
INSERT INTO imagestorageplacement VALUES(151,151,10);
INSERT INTO imagestorageplacement VALUES(152,152,10);
INSERT INTO imagestorageplacement VALUES(153,153,10);
INSERT INTO imagestorageplacement VALUES(154,154,10);
INSERT INTO imagestorageplacement VALUES(155,155,10);
INSERT INTO imagestorageplacement VALUES(156,156,10);
INSERT INTO imagestorageplacement VALUES(157,157,10);
INSERT INTO imagestorageplacement VALUES(158,158,10);
INSERT INTO imagestorageplacement VALUES(159,159,10);
INSERT INTO imagestorageplacement VALUES(160,160,10);
INSERT INTO imagestorageplacement VALUES(161,161,10);
INSERT INTO imagestorageplacement VALUES(162,162,10);
INSERT INTO imagestorageplacement VALUES(163,163,10);
INSERT INTO imagestorageplacement VALUES(164,164,10);
INSERT INTO imagestorageplacement VALUES(165,165,10);
INSERT INTO imagestorageplacement VALUES(166,166,10);
INSERT INTO imagestorageplacement VALUES(167,167,10);
INSERT INTO imagestorageplacement VALUES(168,168,10);
INSERT INTO imagestorageplacement VALUES(169,169,10);
INSERT INTO imagestorageplacement VALUES(170,170,10);
INSERT INTO imagestorageplacement VALUES(171,171,10);
INSERT INTO imagestorageplacement VALUES(172,172,10);
INSERT INTO imagestorageplacement VALUES(173,173,10);
INSERT INTO imagestorageplacement VALUES(174,174,10);
INSERT INTO imagestorageplacement VALUES(175,175,10);
INSERT INTO imagestorageplacement VALUES(176,176,10);
INSERT INTO imagestorageplacement VALUES(177,177,10);
INSERT INTO imagestorageplacement VALUES(178,178,10);
INSERT INTO imagestorageplacement VALUES(179,179,10);
INSERT INTO imagestorageplacement VALUES(180,180,10);
INSERT INTO imagestorageplacement VALUES(181,181,10);
INSERT INTO imagestorageplacement VALUES(182,182,10);
INSERT INTO imagestorageplacement VALUES(183,183,10);
INSERT INTO imagestorageplacement VALUES(184,184,10);
INSERT INTO imagestorageplacement VALUES(185,185,10);
INSERT INTO imagestorageplacement VALUES(186,186,10);
INSERT INTO imagestorageplacement VALUES(187,187,10);
INSERT INTO imagestorageplacement VALUES(188,188,10);
INSERT INTO imagestorageplacement VALUES(189,189,10);
INSERT INTO imagestorageplacement VALUES(190,190,10);
INSERT INTO imagestorageplacement VALUES(191,191,10);
INSERT INTO imagestorageplacement VALUES(192,192,10);
INSERT INTO imagestorageplacement VALUES(193,193,10);
INSERT INTO imagestorageplacement VALUES(194,194,10);
INSERT INTO imagestorageplacement VALUES(195,195,10);
CREATE TABLE imagestoragesignature (
	id INTEGER NOT NULL, 
	storage_id INTEGER NOT NULL, 
	kind_id INTEGER NOT NULL, 
	signature TEXT, 
	uploading BOOLEAN, 
	CONSTRAINT pk_imagestoragesignature PRIMARY KEY (id), 
	CONSTRAINT fk_imagestoragesignature_kind_id_imagestoragesignaturekind FOREIGN KEY(kind_id) REFERENCES imagestoragesignaturekind (id), 
	CONSTRAINT fk_imagestoragesignature_storage_id_imagestorage FOREIGN KEY(storage_id) REFERENCES imagestorage (id)
);
CREATE TABLE label (
	id INTEGER NOT NULL, 
	uuid VARCHAR(255) NOT NULL, 
	"key" VARCHAR(255) NOT NULL, 
	value TEXT NOT NULL, 
	media_type_id INTEGER NOT NULL, 
	source_type_id INTEGER NOT NULL, 
	CONSTRAINT pk_label PRIMARY KEY (id), 
	CONSTRAINT fk_label_media_type_id_mediatype FOREIGN KEY(media_type_id) REFERENCES mediatype (id), 
	CONSTRAINT fk_label_source_type_id_labelsourcetype FOREIGN KEY(source_type_id) REFERENCES labelsourcetype (id)
);
INSERT INTO label VALUES(1,'5dd0f998-6c7d-45b6-b28e-9e4fcf3cff13','foo','bar',1,1);
INSERT INTO label VALUES(2,'0595727a-07fa-4feb-9453-51f575e1c635','foo','baz',1,2);
INSERT INTO label VALUES(3,'62c8d322-c574-494c-ae94-6338ab853bd0','anotherlabel','1234',1,3);
INSERT INTO label VALUES(4,'eeab7748-8c0c-4c11-8722-5d94cc29f4b3','jsonlabel','{"hey": "there"}',2,3);
INSERT INTO label VALUES(5,'97b76a37-c10e-4565-af28-31abf50543ed','maintainer','someone',1,1);
INSERT INTO label VALUES(6,'3937457f-ea07-4677-8978-f3dca183c593','org.example.note','signed',1,1);
INSERT INTO label VALUES(7,'799391ca-cf2e-46af-ae61-8b08137989da','maintainer','someone',1,1);
INSERT INTO label VALUES(8,'be23f2bc-5fca-4aa8-8cb1-61cdfcb4b129','org.example.note','signed',1,1);
INSERT INTO label VALUES(9,'8cef7597-a962-4753-b55f-7dedfc8c9c17','maintainer','someone',1,1);
INSERT INTO label VALUES(10,'b67a8df7-0aae-4371-baaa-0c54d526f5bc','org.example.note','signed',1,1);
CREATE TABLE notification (
	id INTEGER NOT NULL, 
	uuid VARCHAR(255) NOT NULL, 
	kind_id INTEGER NOT NULL, 
	target_id INTEGER NOT NULL, 
	metadata_json TEXT NOT NULL, 
	created DATETIME NOT NULL, 
	dismissed BOOLEAN NOT NULL, 
	lookup_path VARCHAR(255), 
	CONSTRAINT pk_notification PRIMARY KEY (id), 
	CONSTRAINT fk_notification_kind_id_notificationkind FOREIGN KEY(kind_id) REFERENCES notificationkind (id), 
	CONSTRAINT fk_notification_target_id_user FOREIGN KEY(target_id) REFERENCES user (id)
);
INSERT INTO notification VALUES(1,'7d673d06-e6b1-40b2-ab7a-53e557889a6a',20,1,'{"some": "value", "arr": [1, 2, 3], "obj": {"a": 1, "b": 2}}','2026-11-24 04:03:27.952462',0,NULL);
INSERT INTO notification VALUES(2,'3c494c09-a270-4283-8262-1c24b8352dc7',6,1,'{"from_date": "Tue, 24 Nov 2026 04:03:27 -0000", "to_date": "Tue, 24 Nov 2026 05:03:27 -0000", "reason": "database migration"}','2026-11-24 04:03:27.953825',0,NULL);
INSERT INTO notification VALUES(3,'d76f3911-c935-4ea0-b178-f82b47473d43',19,1,'{"username": "devtable"}','2026-11-24 04:03:36.461842',0,NULL);
INSERT INTO notification VALUES(4,'4c58070b-287a-4767-91c6-aee86717d115',11,1,'{"name": "unapprovedkey", "kid": "kid3", "service": "sample_service", "jwk": {"n": "5C3ENgQQ0G6w5Hf3zd3nybRGKWTFhst8OsxS809YBgbnDsx8SrWlAcpYInvhEzszdvo7SwW8cjaUufkJu7Jc8w4VUx9GZkZqqjZjHrdSFFTuRH4xNZ1nJc78gGrdVupzwWc02REBbhtHlo0vVOMkDDGi9iS2LmKEOeRn2iQ3iPJwOAiZkEzPjxZNMkqnRB5kgr4Chs-7CtX8xaeOSz445oyigjKtZSXqBaxaNN0MFjajRZf2-nOzVT2pupPl5Nxc0WX5I6iCxriNfljzSngqeiP5-X2wYTDsZqR4rzpDnN43bPN6SjAa6pqrsnbeT4PGBSqG0igVIjQCFed45fHuDQ", "e": "AQAB", "kty": "RSA", "kid": "kid3"}, "metadata": {}, "created_date": 1795493024}','2026-11-24 04:03:44.402864',0,'/service_key_approval/kid3/1');
INSERT INTO notification VALUES(5,'56bad765-e680-4ded-b07d-af97952545d0',17,1,'{"namespace": "buynlarge"}','2026-11-24 04:12:42.092112',0,NULL);
CREATE TABLE quayrelease (
	id INTEGER NOT NULL, 
	service_id INTEGER NOT NULL, 
	version VARCHAR(255) NOT NULL, 
	region_id INTEGER NOT NULL, 
	reverted BOOLEAN NOT NULL, 
	created DATETIME NOT NULL, 
	CONSTRAINT pk_quayrelease PRIMARY KEY (id), 
	CONSTRAINT fk_quayrelease_region_id_quayregion FOREIGN KEY(region_id) REFERENCES quayregion (id), 
	CONSTRAINT fk_quayrelease_service_id_quayservice FOREIGN KEY(service_id) REFERENCES quayservice (id)
);
INSERT INTO quayrelease VALUES(1,1,'v0.1.2',1,0,'2026-11-24 04:03:21.158804');
CREATE TABLE servicekey (
	id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	kid VARCHAR(255) NOT NULL, 
	service VARCHAR(255) NOT NULL, 
	jwk TEXT NOT NULL, 
	metadata TEXT NOT NULL, 
	created_date DATETIME NOT NULL, 
	expiration_date DATETIME, 
	rotation_duration INTEGER, 
	approval_id INTEGER, 
	CONSTRAINT pk_servicekey PRIMARY KEY (id), 
	CONSTRAINT fk_servicekey_approval_id_servicekeyapproval FOREIGN KEY(approval_id) REFERENCES servicekeyapproval (id)
);
INSERT INTO servicekey VALUES(1,'http://quay.example.test:80','xPaR3EH5C55IabqyfbKp2YXji3xGVCilea83gXXBZ_s','quay','{"n": "vIqmOoD4EiQXTcw0HENzqirx43iy0THOkMtdq5sZWZHScpWpynSB0sDbHJ6yLHER5QM0b304MjP1ggbI7a0a_dNId9RTOvGexxnjhfZd_4Rw8x9DRgv9cl1URhH05EysQWuIpTM4LsRXNl2MF3uP0IY4sal2fVopgBH1yeyjvqxFJ3ZPCpt7X9War3IAO6fNoStSw0rjMBj_ZUWezGWpUk7UfBj_BI7jd96wzahXRWm5U6gZ04Um45JwluhfjzuvhXiCBVZzBKNIvU6W7ABvuHTb21Izd_QQ7LHYedlVoKyimuMvhBxFcuycFIzebVis81PQtNk7bNck39UZmR7KMw", "e": "AQAB", "kty": "RSA", "kid": "xPaR3EH5C55IabqyfbKp2YXji3xGVCilea83gXXBZ_s"}','{"created_by": "CLI tool"}','2026-11-24 04:03:20.151017','2076-11-11 04:03:19.970369',NULL,1);
INSERT INTO servicekey VALUES(2,'somesamplekey','kid1','sample_service','{"n": "pZdaWv_v0DBmZGejD-JdlusVzVtpP6DSltlbU0W_OHn2EWR6E0wzBU67WvZDBo36eFyNZzW4_bdGTtXwIDxhjbJchYbNz1jZrOyj8SMVogiBzYVXWeiEhtUJ5bL75P6zmAdifzDv7uHzE1yDip_8C9DHgwWRVELFuVcbYkwlMk7gWr6gdbmeKam6OWKe8TrKWmXAcQ1YerAtcaz1Si2NGUac6Eh1FYfL26Q5l2zuCy1AcFS-mhb2yWCRwVZL13I3FWANGXJAdfoMQknWNJspsD4k11i-NWT81MgkTopyK7Xyoy4DOslu6wmpG8YYemlUtq4GiSrV19RJZBR1BcgA5w", "e": "AQAB", "kty": "RSA", "kid": "kid1"}','{}','2026-11-24 04:03:43.944832',NULL,NULL,2);
INSERT INTO servicekey VALUES(3,'someexpiringkey','kid2','sample_service','{"n": "vdvFO87cjT85zCdoelDhCLiO3Cxvl-NsUcLZlhRBWsGPNBcLLWXJWflwWFyAle6yIfLVrwTA9tWQMlYzbegRohFnCxaYdV7lt59dg7kBFPkx_abgpvDnkG7MZ-OAcIEKwIJKI2VH0GlREnDWR_LzQXWr7ciFj309B5BnXuwGc1-SxJrZttWQVmfK1K07kIfPEnXPML66mp7Cb3dCI-GXUIR613DodMezQDJJPRwYWap4XPe53rIH9JJH-7y5xRbYnO8uKkyV2fhOoKzoqKNtIaIxs1RHhrz5Bdad_WKSrYFym-oeC1f0aTzh6NOl14GFMN7ysX60lGzTcMESrGFE_Q", "e": "AQAB", "kty": "RSA", "kid": "kid2"}','{}','2026-11-24 04:03:44.255524','2026-12-08 04:03:43.541112',NULL,3);
INSERT INTO servicekey VALUES(4,'unapprovedkey','kid3','sample_service','{"n": "5C3ENgQQ0G6w5Hf3zd3nybRGKWTFhst8OsxS809YBgbnDsx8SrWlAcpYInvhEzszdvo7SwW8cjaUufkJu7Jc8w4VUx9GZkZqqjZjHrdSFFTuRH4xNZ1nJc78gGrdVupzwWc02REBbhtHlo0vVOMkDDGi9iS2LmKEOeRn2iQ3iPJwOAiZkEzPjxZNMkqnRB5kgr4Chs-7CtX8xaeOSz445oyigjKtZSXqBaxaNN0MFjajRZf2-nOzVT2pupPl5Nxc0WX5I6iCxriNfljzSngqeiP5-X2wYTDsZqR4rzpDnN43bPN6SjAa6pqrsnbeT4PGBSqG0igVIjQCFed45fHuDQ", "e": "AQAB", "kty": "RSA", "kid": "kid3"}','{}','2026-11-24 04:03:44.381931',NULL,NULL,NULL);
INSERT INTO servicekey VALUES(5,'autorotatingkey','kid4','sample_service','{"n": "sb9j-yiFX4QOFa7aKEX6KgOCEDrscJ7m8ihhACbqAQRRI7d8sNCa3Oe4SHck4rVgeOPOOKRYw8J92Sj-a4fAgkwI7NJRk8sjEPJEWAr86j8pqfB--CL7pHbyIQe8GQe4jcX2V4NAnzLAOHOTb2N0bW7IUGPn2ST4oczJe4Ef70vH4S94KLv3_JXDVFPuS461ua17xOMKwY89OlQ-Y6Tlbc_PqQzGrzvL1btlQ6XYb_6J7WEsfvgQNrKLaCVFOMcL3Ubz5pKLCIvZs_MqHFgAIBEuSgu5qGqF0PyFmO3FIT5afRObruTHZqWocFIg0T-xtlKNSIg-YYGtKx-KF0PHfw", "e": "AQAB", "kty": "RSA", "kid": "kid4"}','{}','2026-11-24 04:03:44.627624','2026-11-25 04:03:43.541112',43200,4);
INSERT INTO servicekey VALUES(6,'key for another service','kid5','different_sample_service','{"n": "rnVKKVtcqwm_oQVNW9oxHGTWoTpIyr0T69BDWjVX_IUx_3uI2qbeLJZVw2lHVNiQbnoUwzJP6Nh7a7RM_1RrmLQo31LzXPmPk7k9qnlg4ASTB5eN16O7SFkzPv_jkMVj_lqeF-IXYezsCCl-ZV_jGPfZTQphMQ414yaucwxTRXpmiGLTpcDbufSyenCaVUXjPlA4Iysp7s5Kkxi0TjDCn6Pgz_krrFCr_h-3RIZK_mHMM3Bfu1XEsqTggzPDyXdsh2Pynqn5LPBKztuNbTotCXbfVDKOlhEraB_PyCcx1JUMOfBF-cjUq1xp33gDMQpnNNDdKB6aDeLSgzAemSGs6w", "e": "AQAB", "kty": "RSA", "kid": "kid5"}','{}','2026-11-24 04:03:44.781880','2026-12-08 04:03:43.541112',NULL,5);
INSERT INTO servicekey VALUES(7,'someexpiredkey','kid6','sample_service','{"n": "zXb8TDnwgbd5MHQCSJvquk4H9IZLQpkhQoOspICA0WhJON7MbPtRoVOR-bwPM0nwvZhc-VGauRFpLAAruiHqouKFKrWNix53RLmjnVDIf9huTlHfMn5sjpX4uoeJmiWdWwaKaLz-Jte40yOljF7nKV4Vtl7NkYbovx5VSBc8pWVTOQ71WlY4HNuPERHGWcvNl9A9_oG6lboHEF8th7yh8mdeqRiVAbDWlLg-NueSqZw_oJkSiruiGAZk4N84FoDqFvhLdt-0ucw8mtl5z3o7xG5UAD1EQFVhCICGWCEa88wztFTHbfUFhJqmSMDB3kBP5BkgOVPBPGZYiof14GL7FQ", "e": "AQAB", "kty": "RSA", "kid": "kid6"}','{}','2026-11-24 04:03:45.329683','2026-11-23 04:03:43.541112',NULL,6);
INSERT INTO servicekey VALUES(8,'somewayexpiredkey','kid7','sample_service','{"n": "qm_Cw8ho6vLDpqfOiYWYllS3E17ll0oyJwW_RzIJDrHCfvRlmgZa4w9ZBrS5dm3dAfTiDhBfHfGIMCQqmBvFlCoeH1oQywLBG_I09I_US3S31DXvaB7qBeO6BHXy-rhnX18sgZc3nOguUFsGRb1AZY9y6ANpK6lUYe-_ZtRLLw9P888mKmnNl1lxvnwkaoiFmkuUNuNM0MSE8TNvulIf5gukinC8Ag1AC3B-nGb2gbbi1Cex7iw2AP_Na7sYBqnPxfCl0Kh2usvqkuUN8uVrU1VAKEdy3uZN3IZTWXTV5i0fpF3L9a7EO940qxWiJYnpn6ys-57c7S_w30nNh_bj_w", "e": "AQAB", "kty": "RSA", "kid": "kid7"}','{}','2026-11-24 04:03:46.162353','2026-10-25 04:03:43.541112',NULL,7);
INSERT INTO servicekey VALUES(9,'test_service_key','test_service_key','quay','{"e": "AQAB", "kty": "RSA", "n": "yqdQgnelhAPMSeyH0kr3UGePK9oFOmNfwD0Ymnh7YYXr21VHWwyM2eVW3cnLd9KXywDFtGSe9oFDbnOuMCdUowdkBcaHju-isbv5KEbNSoy_T2Rip-6L0cY63YzcMJzv1nEYztYXS8wz76pSK81BKBCLapqOCmcPeCvV9yaoFZYvZEsXCl5jjXN3iujSzSF5Z6PpNFlJWTErMT2Z4QfbDKX2Nw6vJN6JnGpTNHZvgvcyNX8vkSgVpQ8DFnFkBEx54PvRV5KpHAq6AsJxKONMo11idQS2PfCNpa2hvz9O6UZe-eIX8jPo5NW8TuGZJumbdPT_nxTDLfCqfiZboeI0Pw"}','{}','2026-11-24 04:03:46.240047',NULL,NULL,8);
CREATE TABLE team (
	id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	organization_id INTEGER NOT NULL, 
	role_id INTEGER NOT NULL, 
	description TEXT NOT NULL, 
	CONSTRAINT pk_team PRIMARY KEY (id), 
	CONSTRAINT fk_team_organization_id_user FOREIGN KEY(organization_id) REFERENCES user (id), 
	CONSTRAINT fk_team_role_id_teamrole FOREIGN KEY(role_id) REFERENCES teamrole (id)
);
INSERT INTO team VALUES(1,'owners',15,1,'Owners have unfetterd access across the entire org.');
INSERT INTO team VALUES(2,'owners',16,1,'');
INSERT INTO team VALUES(3,'owners',17,1,'');
INSERT INTO team VALUES(4,'owners',18,1,'');
INSERT INTO team VALUES(5,'owners',19,1,'Owners have unfettered access across the entire org.');
INSERT INTO team VALUES(6,'owners',20,1,'');
INSERT INTO team VALUES(7,'owners',22,1,'');
INSERT INTO team VALUES(8,'creators',15,2,'Creators of orgrepo.');
INSERT INTO team VALUES(9,'members',22,3,'Members of proxyorg.');
INSERT INTO team VALUES(10,'readers',15,3,'Readers of orgrepo.');
INSERT INTO team VALUES(11,'synced',15,3,'Some synced team.');
INSERT INTO team VALUES(12,'synced',19,3,'Some synced team.');
INSERT INTO team VALUES(13,'owners',28,1,'');
INSERT INTO team VALUES(14,'readers',28,3,'Readers of neworg.');
CREATE TABLE userregion (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	location_id INTEGER NOT NULL, 
	CONSTRAINT pk_userregion PRIMARY KEY (id), 
	CONSTRAINT fk_userregion_location_id_imagestoragelocation FOREIGN KEY(location_id) REFERENCES imagestoragelocation (id), 
	CONSTRAINT fk_userregion_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
);
INSERT INTO userregion VALUES(1,1,10);
CREATE TABLE permissionprototype (
	id INTEGER NOT NULL, 
	org_id INTEGER NOT NULL, 
	uuid VARCHAR(255) NOT NULL, 
	activating_user_id INTEGER, 
	delegate_user_id INTEGER, 
	delegate_team_id INTEGER, 
	role_id INTEGER NOT NULL, 
	CONSTRAINT pk_permissionprototype PRIMARY KEY (id), 
	CONSTRAINT fk_permissionprototype_activating_user_id_user FOREIGN KEY(activating_user_id) REFERENCES user (id), 
	CONSTRAINT fk_permissionprototype_delegate_team_id_team FOREIGN KEY(delegate_team_id) REFERENCES team (id), 
	CONSTRAINT fk_permissionprototype_delegate_user_id_user FOREIGN KEY(delegate_user_id) REFERENCES user (id), 
	CONSTRAINT fk_permissionprototype_org_id_user FOREIGN KEY(org_id) REFERENCES user (id), 
	CONSTRAINT fk_permissionprototype_role_id_role FOREIGN KEY(role_id) REFERENCES role (id)
);
INSERT INTO permissionprototype VALUES(1,15,'d23654d1-d286-4f1e-b360-a62a1820bdb7',1,5,NULL,3);
INSERT INTO permissionprototype VALUES(2,15,'24a0da4f-ed42-41ce-9333-292751e87724',1,NULL,10,3);
INSERT INTO permissionprototype VALUES(3,15,'1e701338-a113-48cc-b2f9-40882d361b21',5,1,NULL,2);
CREATE TABLE repositoryactioncount (
	id INTEGER NOT NULL, 
	repository_id INTEGER NOT NULL, 
	count INTEGER NOT NULL, 
	date DATE NOT NULL, 
	CONSTRAINT pk_repositoryactioncount PRIMARY KEY (id), 
	CONSTRAINT fk_repositoryactioncount_repository_id_repository FOREIGN KEY(repository_id) REFERENCES repository (id)
);
INSERT INTO repositoryactioncount VALUES(1,1,0,'2026-11-23');
INSERT INTO repositoryactioncount VALUES(2,2,0,'2026-11-23');
INSERT INTO repositoryactioncount VALUES(3,3,0,'2026-11-23');
INSERT INTO repositoryactioncount VALUES(4,4,0,'2026-11-23');
INSERT INTO repositoryactioncount VALUES(5,5,0,'2026-11-23');
INSERT INTO repositoryactioncount VALUES(6,6,0,'2026-11-23');
INSERT INTO repositoryactioncount VALUES(7,7,0,'2026-11-23');
INSERT INTO repositoryactioncount VALUES(8,8,0,'2026-11-23');
INSERT INTO repositoryactioncount VALUES(9,9,0,'2026-11-23');
INSERT INTO repositoryactioncount VALUES(10,10,0,'2026-11-23');
INSERT INTO repositoryactioncount VALUES(11,11,0,'2026-11-23');
INSERT INTO repositoryactioncount VALUES(12,12,0,'2026-11-23');
INSERT INTO repositoryactioncount VALUES(13,13,0,'2026-11-23');
INSERT INTO repositoryactioncount VALUES(14,14,0,'2026-11-23');
INSERT INTO repositoryactioncount VALUES(15,15,0,'2026-11-23');
INSERT INTO repositoryactioncount VALUES(16,16,0,'2026-11-23');
INSERT INTO repositoryactioncount VALUES(17,17,0,'2026-11-23');
INSERT INTO repositoryactioncount VALUES(18,18,0,'2026-11-23');
INSERT INTO repositoryactioncount VALUES(19,19,0,'2026-11-23');
INSERT INTO repositoryactioncount VALUES(20,20,0,'2026-11-23');
INSERT INTO repositoryactioncount VALUES(21,21,0,'2026-11-23');
INSERT INTO repositoryactioncount VALUES(22,22,0,'2026-11-23');
CREATE TABLE repositoryauthorizedemail (
	id INTEGER NOT NULL, 
	repository_id INTEGER NOT NULL, 
	email VARCHAR(255) NOT NULL, 
	code VARCHAR(255) NOT NULL, 
	confirmed BOOLEAN NOT NULL, 
	CONSTRAINT pk_repositoryauthorizedemail PRIMARY KEY (id), 
	CONSTRAINT fk_repositoryauthorizedemail_repository_id_repository FOREIGN KEY(repository_id) REFERENCES repository (id)
);
INSERT INTO repositoryauthorizedemail VALUES(1,2,'jschorr@devtable.com','5RBOTPO8IX1FOLS1',1);
INSERT INTO repositoryauthorizedemail VALUES(2,2,'jschorr+other@devtable.com','9JVWR5PD0A68742K',0);
CREATE TABLE repositorynotification (
	id INTEGER NOT NULL, 
	uuid VARCHAR(255) NOT NULL, 
	repository_id INTEGER NOT NULL, 
	event_id INTEGER NOT NULL, 
	method_id INTEGER NOT NULL, 
	title VARCHAR(255), 
	config_json TEXT NOT NULL, 
	event_config_json TEXT NOT NULL, number_of_failures INTEGER DEFAULT '0' NOT NULL, last_ran_ms BIGINT, 
	CONSTRAINT pk_repositorynotification PRIMARY KEY (id), 
	CONSTRAINT fk_repositorynotification_event_id_externalnotificationevent FOREIGN KEY(event_id) REFERENCES externalnotificationevent (id), 
	CONSTRAINT fk_repositorynotification_method_id_externalnotificationmethod FOREIGN KEY(method_id) REFERENCES externalnotificationmethod (id), 
	CONSTRAINT fk_repositorynotification_repository_id_repository FOREIGN KEY(repository_id) REFERENCES repository (id)
);
INSERT INTO repositorynotification VALUES(1,'bebb7c14-8f59-44f0-b93e-2b3d5b5b4e10',2,5,4,NULL,'{}','{}',0,NULL);
CREATE TABLE repositorypermission (
	id INTEGER NOT NULL, 
	team_id INTEGER, 
	user_id INTEGER, 
	repository_id INTEGER NOT NULL, 
	role_id INTEGER NOT NULL, 
	CONSTRAINT pk_repositorypermission PRIMARY KEY (id), 
	CONSTRAINT fk_repositorypermission_repository_id_repository FOREIGN KEY(repository_id) REFERENCES repository (id), 
	CONSTRAINT fk_repositorypermission_role_id_role FOREIGN KEY(role_id) REFERENCES role (id), 
	CONSTRAINT fk_repositorypermission_team_id_team FOREIGN KEY(team_id) REFERENCES team (id), 
	CONSTRAINT fk_repositorypermission_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
);
INSERT INTO repositorypermission VALUES(1,NULL,8,1,1);
INSERT INTO repositorypermission VALUES(2,NULL,1,2,1);
INSERT INTO repositorypermission VALUES(3,NULL,1,3,1);
INSERT INTO repositorypermission VALUES(4,NULL,5,3,3);
INSERT INTO repositorypermission VALUES(5,NULL,3,3,3);
INSERT INTO repositorypermission VALUES(6,NULL,1,4,1);
INSERT INTO repositorypermission VALUES(7,NULL,1,5,1);
INSERT INTO repositorypermission VALUES(8,NULL,5,5,3);
INSERT INTO repositorypermission VALUES(9,NULL,3,5,3);
INSERT INTO repositorypermission VALUES(10,NULL,1,6,1);
INSERT INTO repositorypermission VALUES(11,NULL,1,7,1);
INSERT INTO repositorypermission VALUES(12,NULL,5,8,1);
INSERT INTO repositorypermission VALUES(13,NULL,13,9,1);
INSERT INTO repositorypermission VALUES(14,NULL,1,10,1);
INSERT INTO repositorypermission VALUES(15,NULL,5,10,2);
INSERT INTO repositorypermission VALUES(16,NULL,10,10,3);
INSERT INTO repositorypermission VALUES(17,NULL,1,11,1);
INSERT INTO repositorypermission VALUES(18,NULL,5,11,2);
INSERT INTO repositorypermission VALUES(19,NULL,10,11,3);
INSERT INTO repositorypermission VALUES(20,NULL,1,12,1);
INSERT INTO repositorypermission VALUES(21,NULL,5,12,2);
INSERT INTO repositorypermission VALUES(22,NULL,10,12,3);
INSERT INTO repositorypermission VALUES(23,NULL,13,14,3);
INSERT INTO repositorypermission VALUES(24,10,NULL,14,3);
INSERT INTO repositorypermission VALUES(25,NULL,1,16,1);
INSERT INTO repositorypermission VALUES(26,NULL,1,17,1);
INSERT INTO repositorypermission VALUES(27,NULL,3,17,2);
INSERT INTO repositorypermission VALUES(28,NULL,4,17,2);
INSERT INTO repositorypermission VALUES(29,NULL,1,18,1);
INSERT INTO repositorypermission VALUES(30,NULL,1,20,1);
INSERT INTO repositorypermission VALUES(31,NULL,5,21,1);
INSERT INTO repositorypermission VALUES(32,NULL,1,22,1);
INSERT INTO repositorypermission VALUES(33,10,NULL,22,3);
INSERT INTO repositorypermission VALUES(34,NULL,5,22,3);
CREATE TABLE star (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	repository_id INTEGER NOT NULL, 
	created DATETIME NOT NULL, 
	CONSTRAINT pk_star PRIMARY KEY (id), 
	CONSTRAINT fk_star_repository_id_repository FOREIGN KEY(repository_id) REFERENCES repository (id), 
	CONSTRAINT fk_star_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
);
INSERT INTO star VALUES(1,1,2,'2026-11-24 04:03:35.809442');
CREATE TABLE teammember (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	team_id INTEGER NOT NULL, 
	CONSTRAINT pk_teammember PRIMARY KEY (id), 
	CONSTRAINT fk_teammember_team_id_team FOREIGN KEY(team_id) REFERENCES team (id), 
	CONSTRAINT fk_teammember_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
);
INSERT INTO teammember VALUES(1,1,1);
INSERT INTO teammember VALUES(2,1,2);
INSERT INTO teammember VALUES(3,1,3);
INSERT INTO teammember VALUES(4,1,4);
INSERT INTO teammember VALUES(5,1,5);
INSERT INTO teammember VALUES(6,14,6);
INSERT INTO teammember VALUES(7,1,7);
INSERT INTO teammember VALUES(8,5,10);
INSERT INTO teammember VALUES(9,10,10);
INSERT INTO teammember VALUES(10,24,1);
INSERT INTO teammember VALUES(11,25,8);
INSERT INTO teammember VALUES(12,11,8);
INSERT INTO teammember VALUES(13,12,9);
INSERT INTO teammember VALUES(14,8,5);
INSERT INTO teammember VALUES(15,27,13);
INSERT INTO teammember VALUES(16,8,14);
CREATE TABLE teammemberinvite (
	id INTEGER NOT NULL, 
	user_id INTEGER, 
	email VARCHAR(255), 
	team_id INTEGER NOT NULL, 
	inviter_id INTEGER NOT NULL, 
	invite_token VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_teammemberinvite PRIMARY KEY (id), 
	CONSTRAINT fk_teammemberinvite_inviter_id_user FOREIGN KEY(inviter_id) REFERENCES user (id), 
	CONSTRAINT fk_teammemberinvite_team_id_team FOREIGN KEY(team_id) REFERENCES team (id), 
	CONSTRAINT fk_teammemberinvite_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
);
INSERT INTO teammemberinvite VALUES(1,13,NULL,10,1,'urn:teaminvite:e3ce9339-4e1f-4f67-8dbb-a2969d33f2fb');
CREATE TABLE repositorybuild (
	id INTEGER NOT NULL, 
	uuid VARCHAR(255) NOT NULL, 
	repository_id INTEGER NOT NULL, 
	access_token_id INTEGER NOT NULL, 
	resource_key VARCHAR(255), 
	job_config TEXT NOT NULL, 
	phase VARCHAR(255) NOT NULL, 
	started DATETIME NOT NULL, 
	display_name VARCHAR(255) NOT NULL, 
	trigger_id INTEGER, 
	pull_robot_id INTEGER, 
	logs_archived BOOLEAN DEFAULT (0) NOT NULL, 
	queue_id VARCHAR(255), 
	CONSTRAINT pk_repositorybuild PRIMARY KEY (id), 
	CONSTRAINT fk_repositorybuild_access_token_id_accesstoken FOREIGN KEY(access_token_id) REFERENCES accesstoken (id), 
	CONSTRAINT fk_repositorybuild_pull_robot_id_user FOREIGN KEY(pull_robot_id) REFERENCES user (id), 
	CONSTRAINT fk_repositorybuild_repository_id_repository FOREIGN KEY(repository_id) REFERENCES repository (id), 
	CONSTRAINT fk_repositorybuild_trigger_id_repositorybuildtrigger FOREIGN KEY(trigger_id) REFERENCES repositorybuildtrigger (id)
);
INSERT INTO repositorybuild VALUES(1,'deadpork-dead-pork-dead-porkdeadpork',12,1,'68daeebd-a5b9-457f-80a0-4363b882f8ea','{"repository": "ci.devtable.com:5000/devtable/building", "docker_tags": ["latest"], "build_subdir": "", "trigger_metadata": {"commit": "3482adc5822c498e8f7db2e361e8d57b3d77ddd9", "ref": "refs/heads/master", "default_branch": "master"}}','waiting','2026-11-24 04:03:35.823739','build-name',1,NULL,0,NULL);
INSERT INTO repositorybuild VALUES(2,'deadduck-dead-duck-dead-duckdeadduck',12,1,'f49d07f9-93da-474d-ad5f-c852107c3892','{"repository": "ci.devtable.com:5000/devtable/building", "docker_tags": ["latest"], "build_subdir": "", "trigger_metadata": {"commit": "3482adc5822c498e8f7db2e361e8d57b3d77ddd9", "ref": "refs/heads/master", "default_branch": "master"}}','waiting','2026-11-24 04:03:35.826980','build-name',1,NULL,0,NULL);
INSERT INTO repositorybuild VALUES(3,'deadbeef-dead-beef-dead-beefdeadbeef',12,1,'701dcc3724fb4f2ea6c31400528343cd','{"repository": "ci.devtable.com:5000/devtable/building", "docker_tags": ["latest"], "build_subdir": "", "trigger_metadata": {"commit": "3482adc5822c498e8f7db2e361e8d57b3d77ddd9", "ref": "refs/heads/master", "default_branch": "master"}}','waiting','2026-11-24 04:03:35.827871','build-name',1,NULL,0,NULL);
CREATE TABLE userpromptkind (
	id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_userpromptkind PRIMARY KEY (id)
);
INSERT INTO userpromptkind VALUES(1,'confirm_username');
INSERT INTO userpromptkind VALUES(2,'enter_name');
INSERT INTO userpromptkind VALUES(3,'enter_company');
CREATE TABLE userprompt (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	kind_id INTEGER NOT NULL, 
	CONSTRAINT pk_userprompt PRIMARY KEY (id), 
	CONSTRAINT fk_userprompt_kind_id_userpromptkind FOREIGN KEY(kind_id) REFERENCES userpromptkind (id), 
	CONSTRAINT fk_userprompt_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
);
INSERT INTO userprompt VALUES(1,8,1);
CREATE TABLE IF NOT EXISTS "messages" (
	id INTEGER NOT NULL, 
	content TEXT NOT NULL, 
	uuid VARCHAR(36) DEFAULT ('') NOT NULL, 
	media_type_id INTEGER DEFAULT '1' NOT NULL, 
	severity VARCHAR(255) DEFAULT 'info' NOT NULL, 
	CONSTRAINT pk_messages PRIMARY KEY (id), 
	CONSTRAINT fk_messages_media_type_id_mediatype FOREIGN KEY(media_type_id) REFERENCES mediatype (id)
);
INSERT INTO messages VALUES(1,'We love you, Quay customers!','4908ef5e-c360-415a-9b33-140dba6c5284',1,'info');
INSERT INTO messages VALUES(2,'This is a **development** install of Quay','2c4085c0-da5c-437c-868d-d4a00a71e2cc',3,'warning');
CREATE TABLE repositorykind (
	id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_repositorykind PRIMARY KEY (id)
);
INSERT INTO repositorykind VALUES(1,'image');
INSERT INTO repositorykind VALUES(2,'application');
CREATE TABLE IF NOT EXISTS "repository" (
	id INTEGER NOT NULL, 
	namespace_user_id INTEGER, 
	name VARCHAR(255) NOT NULL, 
	visibility_id INTEGER NOT NULL, 
	description TEXT, 
	badge_token VARCHAR(255) NOT NULL, 
	kind_id INTEGER DEFAULT '1' NOT NULL, trust_enabled BOOLEAN DEFAULT (0) NOT NULL, state INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_repository PRIMARY KEY (id), 
	CONSTRAINT fk_repository_visibility_id_visibility FOREIGN KEY(visibility_id) REFERENCES visibility (id), 
	CONSTRAINT fk_repository_namespace_user_id_user FOREIGN KEY(namespace_user_id) REFERENCES user (id), 
	CONSTRAINT fk_repository_kind_id_repositorykind FOREIGN KEY(kind_id) REFERENCES repositorykind (id)
);
INSERT INTO repository VALUES(1,8,'randomrepo',2,'Random repo repository.','e33da6e7-f80b-43cd-a688-82a259c186ad',1,0,0);
INSERT INTO repository VALUES(2,1,'simple',2,'Simple repository.','5b89db07-d0f4-4b78-a543-1cfbcd9b46a8',1,0,0);
INSERT INTO repository VALUES(3,1,'sharedtags',2,'Shared tags repository','51535a42-1916-495e-9df0-e560d9c3623d',1,0,0);
INSERT INTO repository VALUES(4,1,'history',2,'Historical repository.','2dbeb3fb-fb4b-40ab-adc4-359ee0a251ba',1,0,0);
INSERT INTO repository VALUES(5,1,'complex',2,'Complex repository with many branches and tags.','77ee0a66-6737-46b8-a799-0d88dc2105a6',1,0,0);
INSERT INTO repository VALUES(6,1,'gargantuan',2,NULL,'5a11404d-7a04-4877-bc86-fcbece113465',1,0,0);
INSERT INTO repository VALUES(7,1,'trusted',2,'Trusted repository.','f42a20bb-88e8-4cb2-a5d2-d7721f30f8e9',1,1,0);
INSERT INTO repository VALUES(8,5,'publicrepo',1,'Public repository pullable by the world.','17d7abf5-5e1a-4c77-b4b5-48483fe8e094',1,0,0);
INSERT INTO repository VALUES(9,13,'coolrepo',2,'Some cool repo.','a9bb1179-7f77-46a1-a820-590a4bc4a140',1,0,0);
INSERT INTO repository VALUES(10,1,'shared',2,'Shared repository, another user can write.','245c1b91-2577-40ec-9277-02c1a464d2b5',1,0,0);
INSERT INTO repository VALUES(11,1,'text-full-repo',2,'This is a repository for testing text search','cfe81e2f-f762-4af8-b45c-6126a02b4bca',1,0,0);
INSERT INTO repository VALUES(12,1,'building',2,'Empty repository which is building.','245af7c9-83a2-4a34-935c-afad3d669c98',1,0,0);
INSERT INTO repository VALUES(13,16,'autoprunerepo',2,'Repository owned by an org.','c84a313f-d91d-4747-89b1-321b3925015e',1,0,0);
INSERT INTO repository VALUES(14,15,'orgrepo',2,'Repository owned by an org.','3f83a2cf-e97d-44f7-8d86-5d6d0a6b07b9',1,0,0);
INSERT INTO repository VALUES(15,15,'anotherorgrepo',2,'Another repository owned by an org.','f4def7f5-4ec1-4f60-89fd-158fabf10938',1,0,0);
INSERT INTO repository VALUES(16,1,'superwide',2,NULL,'8e28fff0-cbd6-4b5d-87ef-75dc96ef1050',1,0,0);
INSERT INTO repository VALUES(17,1,'mirrored',2,'Mirrored repository.','d5c7bbfb-6800-4acd-9e88-502159ecabac',1,0,2);
INSERT INTO repository VALUES(18,1,'readonly',2,'Read-Only Repo.','5d7b6688-c88e-48ad-8b97-c091322e09ec',1,0,1);
INSERT INTO repository VALUES(19,28,'repo',2,NULL,'b34b52e4-f5ea-4a12-909f-9173122e9b31',1,0,0);
INSERT INTO repository VALUES(20,1,'real',2,NULL,'a9d86dec-8d5c-4772-a9c1-befcc4252a08',1,0,0);
INSERT INTO repository VALUES(21,5,'realpublic',2,NULL,'b44a8f0d-ec3b-4450-a1fe-f3e19c51220b',1,0,0);
INSERT INTO repository VALUES(22,15,'realorg',2,NULL,'3f4add1d-e501-46b6-a096-75bd004b8ca7',1,0,0);
CREATE TABLE teamsync (
	id INTEGER NOT NULL, 
	team_id INTEGER NOT NULL, 
	transaction_id VARCHAR(255) NOT NULL, 
	last_updated DATETIME, 
	service_id INTEGER NOT NULL, 
	config TEXT NOT NULL, 
	CONSTRAINT pk_teamsync PRIMARY KEY (id), 
	CONSTRAINT fk_teamsync_service_id_loginservice FOREIGN KEY(service_id) REFERENCES loginservice (id), 
	CONSTRAINT fk_teamsync_team_id_team FOREIGN KEY(team_id) REFERENCES team (id)
);
INSERT INTO teamsync VALUES(1,11,'',NULL,3,'"{\"group_dn\": \"cn=Test-Group,ou=Users\", \"group_id\": \"somegroupid\"}"');
INSERT INTO teamsync VALUES(2,12,'',NULL,3,'"{\"group_dn\": \"cn=Test-Group,ou=Users\"}"');
CREATE TABLE repositorysearchscore (
	id INTEGER NOT NULL, 
	repository_id INTEGER NOT NULL, 
	score BIGINT NOT NULL, 
	last_updated DATETIME, 
	CONSTRAINT pk_repositorysearchscore PRIMARY KEY (id), 
	CONSTRAINT fk_repositorysearchscore_repository_id_repository FOREIGN KEY(repository_id) REFERENCES repository (id)
);
INSERT INTO repositorysearchscore VALUES(1,1,0,'2026-11-24 04:03:46.435500');
INSERT INTO repositorysearchscore VALUES(2,2,0,'2026-11-24 04:03:46.452412');
INSERT INTO repositorysearchscore VALUES(3,3,0,'2026-11-24 04:03:46.467135');
INSERT INTO repositorysearchscore VALUES(4,4,0,'2026-11-24 04:03:46.488029');
INSERT INTO repositorysearchscore VALUES(5,5,0,'2026-11-24 04:03:46.500670');
INSERT INTO repositorysearchscore VALUES(6,6,0,'2026-11-24 04:03:46.511151');
INSERT INTO repositorysearchscore VALUES(7,7,0,'2026-11-24 04:03:46.521478');
INSERT INTO repositorysearchscore VALUES(8,8,0,'2026-11-24 04:03:46.541875');
INSERT INTO repositorysearchscore VALUES(9,9,0,'2026-11-24 04:03:46.554420');
INSERT INTO repositorysearchscore VALUES(10,10,0,'2026-11-24 04:03:46.563759');
INSERT INTO repositorysearchscore VALUES(11,11,0,'2026-11-24 04:03:46.577996');
INSERT INTO repositorysearchscore VALUES(12,12,0,'2026-11-24 04:03:46.587535');
INSERT INTO repositorysearchscore VALUES(13,13,0,'2026-11-24 04:03:46.606895');
INSERT INTO repositorysearchscore VALUES(14,14,0,'2026-11-24 04:03:46.611090');
INSERT INTO repositorysearchscore VALUES(15,15,0,'2026-11-24 04:03:46.633726');
INSERT INTO repositorysearchscore VALUES(16,16,0,'2026-11-24 04:03:46.645364');
INSERT INTO repositorysearchscore VALUES(17,17,0,'2026-11-24 04:03:46.662940');
INSERT INTO repositorysearchscore VALUES(18,18,0,'2026-11-24 04:03:46.675626');
INSERT INTO repositorysearchscore VALUES(19,19,0,NULL);
INSERT INTO repositorysearchscore VALUES(20,20,0,NULL);
INSERT INTO repositorysearchscore VALUES(21,21,0,NULL);
INSERT INTO repositorysearchscore VALUES(22,22,0,NULL);
CREATE TABLE IF NOT EXISTS "imagestorage" (
	id INTEGER NOT NULL, 
	uuid VARCHAR(255) NOT NULL, 
	image_size BIGINT, 
	uncompressed_size BIGINT, 
	uploading BOOLEAN, 
	cas_path BOOLEAN DEFAULT 0 NOT NULL, 
	content_checksum VARCHAR(255), 
	CONSTRAINT pk_imagestorage PRIMARY KEY (id)
);
INSERT INTO imagestorage VALUES(1,'5503e82b-cffd-47df-9bc8-7211db09a56e',23,NULL,1,1,'sha256:cac1b2fbf27300f392b359d4555e2d74a4339b8d1e9ae48b9bcdb2c3b41aead7');
INSERT INTO imagestorage VALUES(2,'d24e763a-8d28-46b1-a205-82604428c829',23,NULL,1,1,'sha256:243f103b5751b3603c3c93e91b671a8d91cf23ec856c2aaf8a9d541964c0b3c2');
INSERT INTO imagestorage VALUES(3,'280df326-13c7-40bd-949a-160641300d86',23,NULL,1,1,'sha256:170f0d304c787a1a96eae1dffa2576a147a5ef325b4eb472f0c295f159958eac');
INSERT INTO imagestorage VALUES(4,'40ff8253-2b43-4778-8e75-94e8a6606663',23,NULL,1,1,'sha256:9dee81c1c7eeb114d01c0764b8765a926c47ff6d764c65792112d4971c55cf12');
INSERT INTO imagestorage VALUES(5,'4129c2b1-cccd-4b6e-9305-d72e69f5a4e0',23,NULL,1,1,'sha256:123bbdc2ccd99f047e075ec33d3fae4801a9b48e5993e00dc895a1917aa2a6cf');
INSERT INTO imagestorage VALUES(6,'f19cc125-92cf-4d8a-860c-8a9a246dee73',23,NULL,1,1,'sha256:010ef3e2024c18e8205e01edaa8c49322b765395325bbfa91b56b554e35369a4');
INSERT INTO imagestorage VALUES(7,'7ee6b98f-a7e3-4d2d-837c-c20b5cd84bef',23,NULL,1,1,'sha256:9ad659e959cb78e379a5fe081649c7e7e4ab2611c655d1286690ddea746715e0');
INSERT INTO imagestorage VALUES(8,'506d71b6-9fc2-460b-9aa2-7f8abd65d9c3',23,NULL,1,1,'sha256:e42862e9b690c50f90ef100febd3cd824ede39b40e793fc7dd4ad5b47cbd0e8b');
INSERT INTO imagestorage VALUES(9,'fd6a48f1-c38f-47ff-afed-674839471e5b',23,NULL,1,1,'sha256:8abac3f2127aaa494309ca900144181286991b965fe82a1516ae1d560b4a10e0');
INSERT INTO imagestorage VALUES(10,'d1ee5347-da5d-4b95-bc6f-c34beb372f47',23,NULL,1,1,'sha256:ef2d1ccdc80932929df44443a748141f54edf88d6caef1e5d8330e0d4b395c80');
INSERT INTO imagestorage VALUES(11,'e14bfbea-e3f2-48d6-8950-51fc8f141312',23,NULL,1,1,'sha256:4e26d0d6e9949587072e0863c2f2936ba715af22d056b73f6670b4366b02adc9');
INSERT INTO imagestorage VALUES(12,'2cdf734d-93fa-4de6-b59a-209a7e376d0f',23,NULL,1,1,'sha256:e7768162ff87b35b6936cb38107bc6c0fce4128b3b5eab83320720cb73af4525');
INSERT INTO imagestorage VALUES(13,'07f3ed99-7dc1-4e38-8c4d-d59f0b4e6740',23,NULL,1,1,'sha256:30ba267066240de45b5a8e51e078163f44455fc55e7c9d0bbfac00ac58527280');
INSERT INTO imagestorage VALUES(14,'affe5bd0-2256-49f1-a64b-e8b556b0f442',23,NULL,1,1,'sha256:067db12c15548d52e5cb754537d619c116c827de8dbba096fdd88cf24a39637f');
INSERT INTO imagestorage VALUES(15,'0bf97c7b-83ed-4341-8f7a-f5eed7d4dce7',23,NULL,1,1,'sha256:10d8681bbc46ec5eb904d1b717c68bbffb214c0e0b46bc4ee51b68c5d6b8ee6b');
INSERT INTO imagestorage VALUES(16,'56f89984-7425-4f37-938c-4eb6d1811a66',23,NULL,1,1,'sha256:94d8aa3a3f4981f2f90be839d417d122ff07d6dc15124e66999b362d363f4c8d');
INSERT INTO imagestorage VALUES(17,'a5b43258-121a-459d-910a-32d20188a84c',23,NULL,1,1,'sha256:7b8f7309864815fcd24bb203744cdabe837886dd313051d0c30885ad3e89f7aa');
INSERT INTO imagestorage VALUES(18,'dd31e69a-dc3a-45f4-b319-e4890357d7c7',23,NULL,1,1,'sha256:cdb28f744aa3bb124deaa3bd1b81f498dbeac8060be0a5c8311f9a4fdaa5da86');
INSERT INTO imagestorage VALUES(19,'a1002a33-999e-4bc2-9484-0bbd1abf2a6c',23,NULL,1,1,'sha256:9c4f9e0b8a0437338725f45fa60c7a06043cf950d794bd58dd711b9c8c29d010');
INSERT INTO imagestorage VALUES(20,'9d2c83be-6f4b-4f41-8d0f-ec4b7f8befb8',23,NULL,1,1,'sha256:e3a234046175410a27f7b15017052e32821e73bc8848705b3c59cfadc5e2a647');
INSERT INTO imagestorage VALUES(21,'49e4eb2b-e83a-48dd-a29d-487b0896c917',23,NULL,1,1,'sha256:be6d6030bba6be1f01fbfb5602f4f93871f4f7c274dc841a50403cdb9856d42b');
INSERT INTO imagestorage VALUES(22,'61c4a4ff-917c-4e4c-abd9-530358d3c238',23,NULL,1,1,'sha256:6254eac54f5d30277b724688c8c1588b79071b233441c6c00eafc137543eb1a4');
INSERT INTO imagestorage VALUES(23,'3e2746cb-6173-428e-9746-78815928acd1',23,NULL,1,1,'sha256:ac84bbb39654faa13f7f2798adfae748aaab00e2b8b0e528f32312198fa66037');
INSERT INTO imagestorage VALUES(24,'e7686195-d837-4d39-81c3-19b73d7f0690',23,NULL,1,1,'sha256:aa29ae3400b6900de07c09e2d1231d2e111f38eea80f0f005de388cc51b4a649');
INSERT INTO imagestorage VALUES(25,'f1287761-ae3f-4803-96eb-728599c8d778',23,NULL,1,1,'sha256:24c648f61389ceeef60e44dcf3dce40f62d47b7bb579acc6e440e6bbc2022070');
INSERT INTO imagestorage VALUES(26,'ac576b25-4f82-42cd-9e7a-5cd33ce87a84',23,NULL,1,1,'sha256:5b4658ce5a8faea1cf1efe14edfa747e30966bd1f20919b24ad0c26c969cc564');
INSERT INTO imagestorage VALUES(27,'f0775288-73b0-4342-98a0-7a4391ff29e5',23,NULL,1,1,'sha256:9c272652c079ef7c59b78de1937c813cb21b23272759fd55623a3d2e53d2685a');
INSERT INTO imagestorage VALUES(28,'acc0db04-65ba-467e-9141-055561a22790',23,NULL,1,1,'sha256:ef38770794628c4817fb1bb8578b049b141dfd94c344b916a457659f9e49af38');
INSERT INTO imagestorage VALUES(29,'70108801-5b78-4595-bf21-9a5b649a703f',23,NULL,1,1,'sha256:5fd38c1dce69ef36247c68f3666d423a23958426d7bd1e73948086218937865b');
INSERT INTO imagestorage VALUES(30,'9c71b9c0-fbb1-407a-95f3-78706c0dc4b7',23,NULL,1,1,'sha256:10dac35a511f1a45ea76de30628b16e50aaa81e1965453355b98eb6a7c5f813b');
INSERT INTO imagestorage VALUES(31,'afd0ab53-a7b8-4c5e-99dd-a29891375e41',23,NULL,1,1,'sha256:14b2bd9a0f019f01a4d53900cf271d0d6d881b5fe0a3251a193cd19453026d1e');
INSERT INTO imagestorage VALUES(32,'f2f5be37-4bcf-4663-a625-32e1ccb43a08',23,NULL,1,1,'sha256:053aec26271131fc80aad9c7597f217efce495cf68c52a30512a042e5726926e');
INSERT INTO imagestorage VALUES(33,'b62575cf-a97e-47ec-bcd5-d7530c0b4db1',23,NULL,1,1,'sha256:70e111b4efb5fb351ce78fed4006b73816f88d9df427126d1244d3b4eaa2609f');
INSERT INTO imagestorage VALUES(34,'234bae44-090d-4231-914a-b5505ae5b041',23,NULL,1,1,'sha256:141685fa7173ba1c559455c73f987f704cafeab7787585767d256db361708355');
INSERT INTO imagestorage VALUES(35,'b5448a8d-403d-47a7-b157-b1c6c0ccb2dc',23,NULL,1,1,'sha256:9b1727c99b2391cba2027fa8802d471a140b051186d2cc29461adccc73288d84');
INSERT INTO imagestorage VALUES(36,'522f104c-6159-4d50-bdb4-def8a94c0d35',23,NULL,1,1,'sha256:bc8877cd3c62eebc493b32e16ec0e052e2ebc26082dc2e6764469508dfe93858');
INSERT INTO imagestorage VALUES(37,'c03da43a-82cc-44bf-8c4c-5cacc8f210f5',23,NULL,1,1,'sha256:c0866466a592b24c8c7378bb19e0f6d20cff5a52726fc8f3ce43818d1df9bd31');
INSERT INTO imagestorage VALUES(38,'cbd09d9b-95c6-4fd1-9a45-b40d2e1ec5eb',23,NULL,1,1,'sha256:d2a9be7911d9d25b7a24999229213951e256c1352e74eb17653f3c4b095a5179');
INSERT INTO imagestorage VALUES(39,'7a9b6e86-8557-4a97-aad6-86bdf71ee05a',23,NULL,1,1,'sha256:fd3b5f9678e12eaeb3ddb8010cab8efd93b19ffaf53775a5184fd8fde753be3e');
INSERT INTO imagestorage VALUES(40,'87ef4393-058d-4cd3-adb5-c35ee4ac22d2',23,NULL,1,1,'sha256:5d32c95aab0ec3308e5ea84a440070c8ee73f12c6f4359cb34c058b120ab9794');
INSERT INTO imagestorage VALUES(41,'28e3fe0b-758b-457d-b78d-2ff4ccc30c6f',23,NULL,1,1,'sha256:9cb11af0832631a51e4352147fb05e08240b137d748dc6909d08b0ec962197fd');
INSERT INTO imagestorage VALUES(42,'22f61277-96f4-476c-8321-b0d651119460',23,NULL,1,1,'sha256:d5f8dea91b9f360f7d32c8c1e2bb5e60a3e395fc8e489706573b76dfd803ed6a');
INSERT INTO imagestorage VALUES(43,'9d4e828b-acd7-4cd9-84e4-2aa94044367d',23,NULL,1,1,'sha256:48ef3618a9609ce532ae97f150ff0423bdbe69786435d2eb9f9a5018cab0bbf2');
INSERT INTO imagestorage VALUES(44,'e14f25c7-22b1-41c6-9fd6-057f2cd1eeda',23,NULL,1,1,'sha256:b9bfab939f27710cdbebb1b0520e07ad52617fde0fee19ef9b8942e9ee8cd9b9');
INSERT INTO imagestorage VALUES(45,'9bc96652-fdb3-444a-9d2b-5d7e6f23c450',23,NULL,1,1,'sha256:bca3c1bef96d6e64bcc6cbef77c62c3655acef440d0b9e345c16637c1472222a');
INSERT INTO imagestorage VALUES(46,'da241c4c-ee7b-469a-9802-f27892d0576b',23,NULL,1,1,'sha256:f80a2dac06ee74613a0c74518f86839595448b5f36eef71affa7fb10733e5f49');
INSERT INTO imagestorage VALUES(47,'1a5ad7ab-72dd-4099-b118-f3bdfca70e6d',23,NULL,1,1,'sha256:10fc84a8cc718567189db5e7aa16f18b2fae8453447aab450a115692be091ba1');
INSERT INTO imagestorage VALUES(48,'d76db152-2fd9-429d-938b-f7b317a09edf',23,NULL,1,1,'sha256:51f8545f5ef4900f81b798b2e1a2f839f6d175a141e7fb7469e35a34ff516a8b');
INSERT INTO imagestorage VALUES(49,'35a3ab9b-7080-4915-b626-0f1c7bb603a0',23,NULL,1,1,'sha256:7c0f89a97fbc9e67bfcac53a112196de0ac27583904d57422cce8b6a1b85d351');
INSERT INTO imagestorage VALUES(50,'1dbaf472-ca9e-47ab-89ec-971311fd2015',23,NULL,1,1,'sha256:4a40af93b825d6d1d56d8915198da875ce51e8ff62c579b3a6362d6d8a3b97d1');
INSERT INTO imagestorage VALUES(51,'2610c1f3-3a2d-4fbd-9421-2b71a62ecc97',23,NULL,1,1,'sha256:e743b13ac594377c2eec17baf96d86ce75ac8469cc1b4b235cd4839d8e18f223');
INSERT INTO imagestorage VALUES(52,'9bcbad58-0975-4ade-869c-afd41eb26b21',23,NULL,1,1,'sha256:25de38b870b1dd488f8559da61ac4a5f1c4cbf55a5fc94b1528c8ffed6249b12');
INSERT INTO imagestorage VALUES(53,'9783179b-c561-46d7-ac5c-e0144bb88d79',23,NULL,1,1,'sha256:3c2377c7015c5775bea19fa859627f0ca59f7f6732f7109b41a948c0d17e7894');
INSERT INTO imagestorage VALUES(54,'2a4c6360-4afc-433f-ae8e-2c660d3ca688',23,NULL,1,1,'sha256:0ee2fd3b23e30e3b50af8e28e999705a9319726985b004f0b31ab15a65f152cb');
INSERT INTO imagestorage VALUES(55,'87a58441-2184-4d0a-9430-5d676603850e',23,NULL,1,1,'sha256:ce8fbf4b8dbee178a69d2a8c33b2972e7095551f84767226e5eed1de23c58d81');
INSERT INTO imagestorage VALUES(56,'c8bbe097-a63c-4f8f-b44f-80350329a28e',24,NULL,1,1,'sha256:1543fa2c9be19473eed770e4d563e3a4089dda81f81ccb1892501d8b16a31d99');
INSERT INTO imagestorage VALUES(57,'8447b389-c677-4bf0-b505-dc3e6ca1c8ab',24,NULL,1,1,'sha256:996054fb14a9ab43483cd73b88ea6f07097517f3f88a4a9886d2e1251d804fbf');
INSERT INTO imagestorage VALUES(58,'80156007-8de9-4e31-bdde-a49d6fed1dc5',24,NULL,1,1,'sha256:a8519cfe7e7cb266656d7e5a0edee89e5133de5149a4c923a99a1e32e5eceabe');
INSERT INTO imagestorage VALUES(59,'a7504627-c7cd-4d0c-9189-d0e56a84328d',24,NULL,1,1,'sha256:ef2b20c0e8f501d46e3c148be04ad8f4e4aa5e4c9213ebe6f54dd4733f6165f1');
INSERT INTO imagestorage VALUES(60,'48e60ea7-ba41-4b84-8fe6-52bace94d937',24,NULL,1,1,'sha256:018397fb31a54233309e48753bc36e5f2f4435a491c633e540255e954e7c5cd5');
INSERT INTO imagestorage VALUES(61,'33457cf9-1df2-4b23-ba65-7ce6af233a66',24,NULL,1,1,'sha256:54f0cb36747d027396ea85a74b0167e60edd15d0d49a91d3497983de8bfcfbe9');
INSERT INTO imagestorage VALUES(62,'ea0f625a-b7e8-4f6e-957b-58cfce8485db',24,NULL,1,1,'sha256:69bce2a74125948b99d89ddbbfaa9ede8f545403b20cd79fb12f388f8cb95d85');
INSERT INTO imagestorage VALUES(63,'f1747e44-1a18-4ddb-aa98-87a30250513f',24,NULL,1,1,'sha256:2d0aad1de16409b518ed698401cc846a7ec9a961c869798fb8220c4deeacdcc0');
INSERT INTO imagestorage VALUES(64,'906f3806-6599-436c-a825-ab856a7b65d5',24,NULL,1,1,'sha256:45f53b573c22e156cda135ec0d40b8c30dd2249197417001792b086be73113d1');
INSERT INTO imagestorage VALUES(65,'3663a9ec-f08e-490e-8f54-25c969678487',24,NULL,1,1,'sha256:349cc08d2982ba9d3d4e10ac1a9ce0b9f23cfee849dd54325d654d14cbfdba6d');
INSERT INTO imagestorage VALUES(66,'e75ea470-7719-41d3-a692-cc465bba9ac3',23,NULL,1,1,'sha256:cedfd519489a3ae412a9969c19ad6c0d5145dbb78cafbbe8b49809c5b0b3c311');
INSERT INTO imagestorage VALUES(67,'57b2a1da-0c6f-4d08-b951-f6877c05a4e6',23,NULL,1,1,'sha256:844785bfc25398084a2569ff0ff5498ff2c68aeb47d55ba7111ea8db5c1e9235');
INSERT INTO imagestorage VALUES(68,'c12a2f53-1656-4640-aea7-343ef18d5507',23,NULL,1,1,'sha256:5beef891462bb91ee9a6cf4accb0127c75276f7cd072873fb7046f8e10de202c');
INSERT INTO imagestorage VALUES(69,'e4e40908-3abb-45b7-b72b-fd48297739c0',23,NULL,1,1,'sha256:6a3843c0e034b3a8bb14725001ae2bbd96d757ae0ac80bfedbb9f59d770f37cf');
INSERT INTO imagestorage VALUES(70,'3638128e-33d7-44c5-b941-81890c2f2619',23,NULL,1,1,'sha256:a1e6a66d2ab379c102a48a0950a98ecde4425268351568b710bcbba17eb40906');
INSERT INTO imagestorage VALUES(71,'47bc3bbc-da10-4ebc-a461-70ae7a76ea46',23,NULL,1,1,'sha256:140886a69b3ec95758f43d54f4b4a130faa2b68ec6b240f630b98d3ee3489fb4');
INSERT INTO imagestorage VALUES(72,'d5c1ff74-8a50-498e-b987-26644d601528',23,NULL,1,1,'sha256:5cf8055c333a258552475544734ff0dea0cfa2f1c811a6a7247b880b61e8930b');
INSERT INTO imagestorage VALUES(73,'28d6165d-bb29-42be-a81c-ed9f95f20cf5',23,NULL,1,1,'sha256:17ed4aad358ee27afc8eaafeffdae67c5d96ed70d3c9c5fa1b0e549e694d78d7');
INSERT INTO imagestorage VALUES(74,'b3c7f5b1-3b39-4c9c-a276-9e95e95c2fd6',23,NULL,1,1,'sha256:b65fcd28dcfb1407a251ce9513c4baad5b47c73f7d09757d15bdaa7379a77d1c');
INSERT INTO imagestorage VALUES(75,'6f967f75-ee56-492d-b927-143f73ce97c6',23,NULL,1,1,'sha256:a4bc6b35a8fd7fc9458c09c8613aeee82bd1bf415c64b48988d8d577ee7f748a');
INSERT INTO imagestorage VALUES(76,'9c1ad494-c40d-403c-a391-1a58f2fe2f7b',23,NULL,1,1,'sha256:bfac2bb9dfeebe1e80640f120207faddcf9f1073b09c76a32a9762a302fa5d8e');
INSERT INTO imagestorage VALUES(77,'9013b4fa-c86f-42d4-bae1-9fd3c4f60c33',23,NULL,1,1,'sha256:2cd8f09f505d7281adfe231b4a5bd723ca926a707d97db65234aacbe100924ac');
INSERT INTO imagestorage VALUES(78,'a5cd8935-8d31-4856-9d17-65d73bfc4198',23,NULL,1,1,'sha256:14cb0a6037452d052b5aa0f3daa8ebe55c76f1daddbdb67f303892c632478028');
INSERT INTO imagestorage VALUES(79,'8485e49c-6ef0-423b-96ec-e2eea74b94b4',23,NULL,1,1,'sha256:e945f6b67121cad834f960a7eed6c12e5406320dfcfbb257e05534a57e75700c');
INSERT INTO imagestorage VALUES(80,'b98fc03c-dee2-4f92-9544-8c68ddeec747',23,NULL,1,1,'sha256:d5be11cb143edc21caf4c9e0c2aee4c2e9df6c9ca909b896696bc8c87c3273b5');
INSERT INTO imagestorage VALUES(81,'b9be7ce0-5573-4ccf-b9c2-c90358e2d941',23,NULL,1,1,'sha256:885ffa7b789452b2279fd6502ebb8d5b7fd74e1d2fee0fd37f47133c6c3200f0');
INSERT INTO imagestorage VALUES(82,'b8751466-50a2-4b6d-9324-9849fc5e01b8',23,NULL,1,1,'sha256:ad9711f2ac0a9dc91ecb841457328bcce278adac9aaa166d3151757a738c6b1a');
INSERT INTO imagestorage VALUES(83,'2771ad1c-1d90-491c-80cb-95c7f249c77d',23,NULL,1,1,'sha256:6edbcb852e1a37981b5afce817e4b9433be512fa641e5425bb232608be7f6265');
INSERT INTO imagestorage VALUES(84,'93ca76d2-a215-4d19-9810-42cf84c91be3',23,NULL,1,1,'sha256:397f50390399dd0f02a2c91346e3874eb6bf93c50eef4bf63bb088eccd65ac3b');
INSERT INTO imagestorage VALUES(85,'1e6456b5-fd4c-4f12-9a3d-0ca58ee903b2',23,NULL,1,1,'sha256:814e696eb531a106dd757d1c3b901123911c6a9a095e68d0694e486b59ddfb86');
INSERT INTO imagestorage VALUES(86,'b8c6dccb-fd7c-45f1-89d8-a6edca97420d',23,NULL,1,1,'sha256:db3dcf2d1f7e195e8b40e17f0ece9b96416a71d3d792e77e383dae1812263697');
INSERT INTO imagestorage VALUES(87,'ea485bdd-758d-4959-8873-21499f797e33',23,NULL,1,1,'sha256:2779508dfcc342ebab57bed035a0672947546a983dccf0070e47122342ceff0a');
INSERT INTO imagestorage VALUES(88,'22ce4143-60be-4d86-80a9-b597180f5498',23,NULL,1,1,'sha256:64397cfed32c1bf5668dbb382170dec753c70911ad8d43ba941a0784d6a356f3');
INSERT INTO imagestorage VALUES(89,'0fb1b5b6-399a-4a3d-ba49-879172689fb0',23,NULL,1,1,'sha256:e80cf242448ca6d8f1423ad902df20304b8d4eddcd647a5e03694a22f7a99b7d');
INSERT INTO imagestorage VALUES(90,'71b78d4a-fbbb-4a98-a2e4-ea5d045f89b4',23,NULL,1,1,'sha256:092406294d9aff6fbad40b769e361520fdc987ae9e7d5808ad6e11ed8376c3c5');
INSERT INTO imagestorage VALUES(91,'40d7e9d6-8e6c-4ae8-af0e-795cfbc179bb',23,NULL,1,1,'sha256:58108b5cdf6afe502efc83d7f23c42d510cd2767da3cecd66dcc52d648f9b204');
INSERT INTO imagestorage VALUES(92,'5942fe04-553c-4db6-a329-a7e9df1b98da',23,NULL,1,1,'sha256:6ec38e022a87e99ea6a024ce10bac46a5ded796677bff09aecdb5e0effc910a6');
INSERT INTO imagestorage VALUES(93,'558e0cd1-f262-42eb-8995-7b7960c5e7bf',23,NULL,1,1,'sha256:fe057f21ef561d154424d5493a3545142b44b9dc27ed8ddd021880accb145006');
INSERT INTO imagestorage VALUES(94,'4fb99b2a-50cd-4e21-8a8f-b6844774496b',23,NULL,1,1,'sha256:7afd6bfe411027167948e746d06421453cb59d9f06108a11c41c8a64e9a1d967');
INSERT INTO imagestorage VALUES(95,'ede366a9-8f2f-4f0f-828a-3bc0edba6558',23,NULL,1,1,'sha256:f448a0033cf6baf09696bc6f4f6e6578295a27b1a5709d367598b1ab5b1ed20e');
INSERT INTO imagestorage VALUES(96,'b223b501-2103-4f04-8a4e-85374e6c28d6',23,NULL,1,1,'sha256:d8198be75e12e5d2496b6470a0f380560a25a0b4ff3dbab07a27724db57bef73');
INSERT INTO imagestorage VALUES(97,'2ae8722c-8139-42a1-9600-98f71ac440e2',23,NULL,1,1,'sha256:aeea18f05ddc5abb09494fe5be1284d795a076d431c81f3e3d785b25e972704b');
INSERT INTO imagestorage VALUES(98,'569113d8-9803-4470-acab-a5eda1bd2926',23,NULL,1,1,'sha256:1bccd348902c9c6ba4310752d4dde43deec00acea5b43e6113eab50399d2d0a6');
INSERT INTO imagestorage VALUES(99,'876f1942-9626-4151-8d47-f8fc0cdc2f1a',23,NULL,1,1,'sha256:17fd57d9310e5fc960d5033f7addbd1457bd23fd36f468b46b25c1ee4b1b2762');
INSERT INTO imagestorage VALUES(100,'51708846-c0cf-45a8-8d79-a13158d3b19a',23,NULL,1,1,'sha256:66bcef233b09342a3b99295b85295666944cf77c39c4aef6756106ef1c9d50b5');
INSERT INTO imagestorage VALUES(101,'58a22dca-3aaa-44fc-b685-e67d85bb4afe',23,NULL,1,1,'sha256:601469dfe8d048ded4ad3d83ddc310242c3507b203a136798fd735a8c4dd265a');
INSERT INTO imagestorage VALUES(102,'a2557e2b-36cb-412d-859a-d9a948ab623d',23,NULL,1,1,'sha256:a0623cb425c1f652cd73174689e38ee4d7b08d7655a4d11f7a71eae81fef72a9');
INSERT INTO imagestorage VALUES(103,'3a54f651-974b-4965-94a1-1f4d0d7ff5b6',23,NULL,1,1,'sha256:fdab3f9c9d3cbaa864de60cc65887969d9955ba1c023751f1d58b713a46e3c06');
INSERT INTO imagestorage VALUES(104,'ce3ff80c-1bca-458e-b6b6-b27813a06c3a',23,NULL,1,1,'sha256:d9552d55d4b817de01cce56385dd946fed15a59d53608c1552ff8b08eb617235');
INSERT INTO imagestorage VALUES(105,'072cd780-627e-4a69-b7b9-ee85b1d87cb8',23,NULL,1,1,'sha256:59a6865583d5c3243f4276bd489d363c1b515a0c5e2b3bcc0d25d556dec680aa');
INSERT INTO imagestorage VALUES(106,'78655e56-e20b-4395-ab4e-4e7b9ea9b63a',23,NULL,1,1,'sha256:19e5fc456666f8e594d740102e74f132b9a3a441ec278ea5e3733938e85f0549');
INSERT INTO imagestorage VALUES(107,'e5ba4765-607a-4a5c-8e7c-71f659bd7e9f',23,NULL,1,1,'sha256:f47f349084e4ed469e8886be8ea5d28960255b3002671b09b87a8a23e521b090');
INSERT INTO imagestorage VALUES(108,'f416b024-e797-4da8-aaf1-08d728a48345',23,NULL,1,1,'sha256:56cd385a5f5767e8d83cbbf4fded1d42634031cd122b38fed594a86e02000d21');
INSERT INTO imagestorage VALUES(109,'0d377142-10e6-416a-9511-ae7ffc65a9ba',23,NULL,1,1,'sha256:c08fd64d90ef4e605e3af377124a671bf0899ae7094c08a5324aad02d2bbdcd5');
INSERT INTO imagestorage VALUES(110,'f07b4785-2380-4d0a-ab37-a2b5ad0dbc5e',23,NULL,1,1,'sha256:54db05b139b3d11473f9670ea13da9ce5d15d9adc98c5f0b8ad5556693fe9ff2');
INSERT INTO imagestorage VALUES(111,'0a3711b7-ffd0-4be0-8cca-4b94c7a75eba',23,NULL,1,1,'sha256:aa42e258b7eade4c126a9ba80edffb15a38ab319e687c5fec282b4625622da3f');
INSERT INTO imagestorage VALUES(112,'8cfe9e8c-af81-4933-91ab-523f78438990',23,NULL,1,1,'sha256:6c2d56330ad1bf0c936a379bea0747fb1491d98e690d32fdee41793b16a6d753');
INSERT INTO imagestorage VALUES(113,'bdacbf4d-94ac-4c04-bf40-3759d85ead55',23,NULL,1,1,'sha256:b4ddd4c8100375ee54106c2d271897576a22c553409e3f584711f1d55cde7b7a');
INSERT INTO imagestorage VALUES(114,'b7bb3629-4ea5-4909-a652-23b785eb4f21',23,NULL,1,1,'sha256:60bc52ea4b642a523d6b7821c24d2efce9b464b74905c35c9b11f7b0f8817358');
INSERT INTO imagestorage VALUES(115,'aff09be2-f2dd-4538-81ef-d16811b8536e',23,NULL,1,1,'sha256:12c2704a36f25109b75c03ff3b1b0f7cd1f7d546c91642744802d0c1f69d4c38');
INSERT INTO imagestorage VALUES(116,'69467a1c-228b-4e33-a0af-424b9d631fcc',23,NULL,1,1,'sha256:0770cdc556826e4a191edcd1f1b697a966acc8a1970a6cd53372f8eb5ed910a3');
INSERT INTO imagestorage VALUES(117,'bab59914-e3ad-44ce-92a3-e2bab1518f4a',23,NULL,1,1,'sha256:a1abf7b2d9d420d733d585b04bd26f37cfdb7c21a91e96e9507542ca44e60f99');
INSERT INTO imagestorage VALUES(118,'3b2fcad1-2fa8-4539-9049-620bca0bb811',23,NULL,1,1,'sha256:70ef7d64f6707a128ffb889a7ef513490cb5a2fc3142ce5a842e4fc64b5f932b');
INSERT INTO imagestorage VALUES(119,'0b2a8120-6b0e-4df0-9372-f8fd3b8246a0',23,NULL,1,1,'sha256:3b4c99d75aca7c459c010a0a0b1ac91e404e05192515ff8c47546db796a12cef');
INSERT INTO imagestorage VALUES(120,'bca1b2c5-8dcb-4d61-aa7f-fffcc6f7427d',23,NULL,1,1,'sha256:9fa5ac42a802418c2a66d070c11ec4bb54ae091f1cee115f44f95799e4d3906c');
INSERT INTO imagestorage VALUES(121,'d18e1ba4-9a48-48d3-bd5e-17d28764fa93',23,NULL,1,1,'sha256:7b0443ec87d255db1f10fdd25d4472a5a3a02eb5bfc0561d55fad00ab3f4cb2c');
INSERT INTO imagestorage VALUES(122,'30655162-a94e-474b-97bb-60411a1b80ea',23,NULL,1,1,'sha256:f55620fb5a432db6d9a3e92f42920d882e783dcfed507d8716b3e0cab51152f6');
INSERT INTO imagestorage VALUES(123,'711465b3-121d-4494-9644-b9771b1afad1',23,NULL,1,1,'sha256:952e8a5ecfde586435b65da4345c88da1e8a993459ede03ac986b01c05f554ff');
INSERT INTO imagestorage VALUES(124,'db90a4a5-f13c-4156-a7a4-5da6245f9e49',23,NULL,1,1,'sha256:791b64c0b4fb1087bafed0b4ae74558c06ecdcb4f840016616ac63a52b1b4aef');
INSERT INTO imagestorage VALUES(125,'a35a82fe-6e76-4d02-932e-d77a552904e1',23,NULL,1,1,'sha256:413855a2654891722054135ec73ab5e124bd98f7e7a92def21e606f0b650e59d');
INSERT INTO imagestorage VALUES(126,'9b75927d-7b61-41b6-aa85-9fc1518a848e',23,NULL,1,1,'sha256:202ad4944a37d6cb0d0d3c61180324526717fb71e8b0dc6706e891e106089de8');
INSERT INTO imagestorage VALUES(127,'60cbdf00-98f9-4150-85d4-eae2e9a23696',23,NULL,1,1,'sha256:c067c87892d4217c12b83ae5899645818423ef2f4fbd1895e1c1bd1b7be5dc86');
INSERT INTO imagestorage VALUES(128,'1d77a376-c374-42c7-9e31-72427e8fefb3',23,NULL,1,1,'sha256:fb42564487c45505b1e967b4c04dbb9b720c8d9bc9a5a627507d1e7670f5a992');
INSERT INTO imagestorage VALUES(129,'64ddc33b-738d-4ee2-a4db-ee3c46db9c38',23,NULL,1,1,'sha256:4a6d7cff6e9880e2a3400573b4e4d06037b98f3f1cdf7aad1ea93055629e5be2');
INSERT INTO imagestorage VALUES(130,'37dfa585-79a6-4bdd-861b-0b313a881a1b',23,NULL,1,1,'sha256:e0b73b59f51a02eaf6a0e7c31a6b1f378d146523086ad4d24d4e426c65d261fc');
INSERT INTO imagestorage VALUES(131,'0fd14719-2e38-43ec-9e4c-fc0f5893e75a',23,NULL,1,1,'sha256:ef2439230f4ef48795039f2065a75993550a96068aa96aeaa2e80642b27a5b6e');
INSERT INTO imagestorage VALUES(132,'762d8a6b-80eb-4406-879f-f05e83a3b099',23,NULL,1,1,'sha256:9c03d6e7e1cf4993f0880b4e1913fcdce511363763f69de809af0483a2aeaac5');
INSERT INTO imagestorage VALUES(133,'2e3edf28-3f49-4385-98af-7dce1b593328',23,NULL,1,1,'sha256:c7e633f359c561bbb48d186882540cd6cbcaad06b9527d344461fe0ab01016d4');
INSERT INTO imagestorage VALUES(134,'4321b03d-46e4-4c86-ac2a-28ea77262744',23,NULL,1,1,'sha256:4f6aac50dec55f32eed251382c57cde2796fb22ee32f2f86228832929d848f29');
INSERT INTO imagestorage VALUES(135,'efcf1211-f04e-4daf-a892-54d2b8fbbf35',23,NULL,1,1,'sha256:d7f79a477bcd5274b208add4b1c2d86591819ccb93cd5fc089d23a97249eea0e');
INSERT INTO imagestorage VALUES(136,'c0f1bb75-e17c-4974-aa42-2e92a318b3d3',23,NULL,1,1,'sha256:52fbdd073a0871a542fc5ad0c8903af5aa4807aa8bb824bfd834100feb95e6e9');
INSERT INTO imagestorage VALUES(137,'5eee7a74-f4c0-4d65-812a-768e44caab6c',23,NULL,1,1,'sha256:a560acefc87bda3b81485f1bcbf2fe6e0b321a2f7187519acbc0c3aef1e95eff');
INSERT INTO imagestorage VALUES(138,'ace4c0c7-50b2-4ce4-9f28-45dda182bf75',23,NULL,1,1,'sha256:f76a59a49a8a512ede6cb0155279e1504119546f8e1842a199e5909959cf6c5a');
INSERT INTO imagestorage VALUES(139,'e2d33d55-0eaa-4daf-bc31-b1493054c96d',23,NULL,1,1,'sha256:59f8791611676702f26413115676c480ae0782850431b96875cc8b632973b9d0');
INSERT INTO imagestorage VALUES(140,'e8444462-df4f-4da4-8b86-ef45b55bffb2',23,NULL,1,1,'sha256:6fb4a60d6e2eb53791192aa31b435e2c022bffedb9498148ea6d60b20cdcd11b');
INSERT INTO imagestorage VALUES(141,'3e0b814e-2871-4abe-9e38-711952b6248a',23,NULL,1,1,'sha256:1839492fd18194c287ee9634e6d5a0b1de6363b8abf0d7d1a0d5948e5f4aa73e');
INSERT INTO imagestorage VALUES(142,'61a797ea-7fcf-458a-8751-84bfb0d42988',23,NULL,1,1,'sha256:2929a9e97b8277675cab524ec50cac0b518516f2d6c35a53f49269a8fbadfaf9');
INSERT INTO imagestorage VALUES(143,'8463c0c3-be99-4377-b8bc-5020d272e965',23,NULL,1,1,'sha256:d6e58db05ee727c0913532a1379811e7aa901170b4d23a32e24b9743a0f21b9b');
INSERT INTO imagestorage VALUES(144,'f5d8ec79-98d3-429e-afcd-9508d9326968',23,NULL,1,1,'sha256:3dd7e71b2cb6c532735a6d0e9da4c02b35c7b3187819967a32f1106e9374b609');
INSERT INTO imagestorage VALUES(145,'4a8d58c0-94b1-497a-b857-febbb477355a',23,NULL,1,1,'sha256:9f7aaf4bce682d807d2170864a7e20b599e03592277ec7403588813c1a7b732d');
INSERT INTO imagestorage VALUES(146,'b0527212-2731-475f-a025-5867e4d973c2',23,NULL,1,1,'sha256:277fb305c1aec30775ad777e5f5a214a8ec3ac121315051a5a359dcc26fe3f56');
INSERT INTO imagestorage VALUES(147,'1c207374-367b-481e-a48d-a2b09da0b859',23,NULL,1,1,'sha256:16d9e497bd479df1759c194312c7b92669c6f87722359ea5a83b387efd7050f7');
INSERT INTO imagestorage VALUES(148,'b339b2ec-3d58-4205-9ae3-975891a00db2',23,NULL,1,1,'sha256:e862528c5194c68e3f3ebe5d5bfaf69f08bd12867790fa2846323c7fbda67a44');
INSERT INTO imagestorage VALUES(149,'2280b273-042b-4b81-89d5-470891134fab',23,NULL,1,1,'sha256:7c37d0f2e2d169a11c75ce9890e7ec4cc8b930fafbaf951543fe1122bdb46bc9');
INSERT INTO imagestorage VALUES(150,'ac81bd3d-ace1-45ae-be48-f53624d87cfc',23,NULL,1,1,'sha256:040ad980af989fc9a71b89a7d8bac13bfb4832e81708d2463a754690151c7c37');
INSERT INTO imagestorage VALUES(151,'46262502-b768-419e-9db6-5973767e27ba',23,NULL,1,1,'sha256:f108308e9d649fc872ce22b9716cd9b8e2857f9ee9c708394c78ef99c4659de6');
INSERT INTO imagestorage VALUES(152,'5299e959-f0a2-495f-9727-50b7c57540fd',23,NULL,1,1,'sha256:404aa94328f9fa41dccd0b75d6dcd20c01c0be59bd4bcfe443a06ced412d49dd');
INSERT INTO imagestorage VALUES(153,'e807ba2a-9919-4589-8970-810005113371',23,NULL,1,1,'sha256:3f81ac5a264bf503d960480f9f47ca8ba545fcd4457915b0f8f7484e8115902f');
INSERT INTO imagestorage VALUES(154,'8e5ad767-051e-440e-a6e5-82f4687a0873',23,NULL,1,1,'sha256:9487ae17cf58723f43937216bfd3c460df91b5dd9d25c7025c59b1d112a32a22');
INSERT INTO imagestorage VALUES(155,'54f2ecbf-dd3d-436b-88ce-0b1082398548',23,NULL,1,1,'sha256:0d0e39b2fcfe25f7909a951efcee2d02c0aaaf5f059a8d9d34cb292a244b11c8');
INSERT INTO imagestorage VALUES(156,'6cfd5b2b-a829-411e-8961-95b370ae217a',23,NULL,1,1,'sha256:32c683c65986e8ef56fd3dfd9c49a7eb0376c720c1f451461bb2e70780179fc0');
INSERT INTO imagestorage VALUES(157,'44b136ac-cc4f-40d3-9eb5-a8b52e9780e2',23,NULL,1,1,'sha256:bba96a4698511aba44f2fb0ccffdb240929d328a36a24ef0dfd999f205a56565');
INSERT INTO imagestorage VALUES(158,'c9cef7af-36bb-4f29-8cb9-9b79963e8e56',23,NULL,1,1,'sha256:6763733e5babb52ba77dd114b9877f320a0c384eb2d2fbf41ea8ebf783413956');
INSERT INTO imagestorage VALUES(159,'92e1e211-72b1-4d16-a8af-333fa3f51a91',23,NULL,1,1,'sha256:0c6b495036c7b2ea8ab79d611bf17eeaeb0f0161359005aca872d0248917b4ef');
INSERT INTO imagestorage VALUES(160,'449a02f6-4a0b-43f0-b58c-5783e1217c51',23,NULL,1,1,'sha256:66a9268b2518e77137ef26078c0f3db87368230cf893913067ae4ceac0599a65');
INSERT INTO imagestorage VALUES(161,'c887d7f0-b2c3-485d-81e3-be188d36ee5e',23,NULL,1,1,'sha256:3fa9554dc3a43b45c020ced6f7e61a73fe1e34ff5b33491cf6f0ffb47f94dde1');
INSERT INTO imagestorage VALUES(162,'3bb4bcc5-b718-48b5-8d5e-b8dc6b24dad8',23,NULL,1,1,'sha256:ad883eb4967f54050f449623530b1f09d572057f76537d86b68cf8a8ff0a81c2');
INSERT INTO imagestorage VALUES(163,'8014c06c-e8d7-448a-8b83-a057f49a42ab',23,NULL,1,1,'sha256:3d27b7b933a95b6937dd8c4bc899c55e89d8be1251969d6f58587814232300c8');
INSERT INTO imagestorage VALUES(164,'67f14e15-3413-4f41-b0a7-02ba7c9da7ea',23,NULL,1,1,'sha256:5b12ee021b6c211953c0a545d8d483408556a82308112c92f02c3e8908dc41ee');
INSERT INTO imagestorage VALUES(165,'5fe2d7ad-693d-4956-a84b-ddd48e580280',621,NULL,1,1,'sha256:4b8ca77e3fa53b197bc087fbffc84487e5d37563d1294271fbba6b9d2b929f7d');
INSERT INTO imagestorage VALUES(166,'ebcc9720-86df-4d3a-8b26-fac1322883e1',132,10240,1,1,'sha256:ab488fa2244c68b5fda88e9d0596bf3d9568fbfb9dc18366a71c3cc865c10aa6');
INSERT INTO imagestorage VALUES(167,'d32ac334-5fd5-4ad5-b214-024ea55ecb7e',133,10240,1,1,'sha256:3dd870b3b910517cea1aa99ae80bab437d7a151046ee359bab712b75c696d7da');
INSERT INTO imagestorage VALUES(168,'c140633a-ddc8-4d27-967d-27f11c6f311f',133,10240,1,1,'sha256:3e1e38a875efb7521214f13c88b57bcdda278f341390872b200dcfbdac17f75e');
INSERT INTO imagestorage VALUES(169,'8d66c43d-7867-4aa7-a028-a5c8325b832d',598,NULL,1,1,'sha256:7e91a9dd219226134dabf940867dae66305a15d4c348b00a7ab700fbee12eb4f');
INSERT INTO imagestorage VALUES(170,'21e9d2bb-76f7-47ab-a083-da3b022b2e8a',458,NULL,1,1,'sha256:36a52ec42308ef5264e5245fec29b07453b9ebce7c5643c429c33d88aa2072dc');
INSERT INTO imagestorage VALUES(171,'f6da213e-f8b3-4bff-ad4d-b396b362116f',458,NULL,1,1,'sha256:a004281812edf6a54c3628d828e8cb1dc4526143f426e97e0d2070945b7ca922');
INSERT INTO imagestorage VALUES(172,'fc7436c0-ea94-4716-b758-50952fc1460e',132,10240,1,1,'sha256:a1403bca0d40edc37a81016895c0bbbdc51b698de5ba0690b062b4888b512682');
INSERT INTO imagestorage VALUES(173,'01384939-f319-44d0-94e1-6b31305c7ea8',133,10240,1,1,'sha256:b221197f0256eebb437639aa9b73169d2af9d915630c4edb21512f463d0fab49');
INSERT INTO imagestorage VALUES(174,'2a37c5b8-8cdf-4766-8c1c-fe5110fd4ca9',2,NULL,1,1,'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
INSERT INTO imagestorage VALUES(175,'92f406ff-30f1-4673-b9e6-39b801bc60d6',28,NULL,1,1,'sha256:154cabb9d92c075da1cbedb6815c7728cb4ef9e5ea4cf7ab1fac20d48357010b');
INSERT INTO imagestorage VALUES(176,'01996c36-a4d4-4610-91e7-98bd3b783ce4',621,NULL,1,1,'sha256:a5e3f822a126258dc20a6c0e6c44d276383fa9ba182e5a2a81c1ce83fe30a7ee');
INSERT INTO imagestorage VALUES(177,'14944e5d-f325-42fa-bf79-e7afca6d4d5f',136,10240,1,1,'sha256:be2c510fc43357d7dffc46282203b611ca96a8150e5e86194f9d85336e1a44fd');
INSERT INTO imagestorage VALUES(178,'a1276561-eff1-45ec-8a53-c6e31683ef22',136,10240,1,1,'sha256:216f0bb39c396c097f40339a1927091a1cd66db1c8422ee39aabb621acc18d86');
INSERT INTO imagestorage VALUES(179,'91909106-de84-42e5-8df8-c52a38376248',136,10240,1,1,'sha256:f58d6f4717dd9e913a3db80374dfce5925632aa0179166d91f10a57a5d15d05a');
INSERT INTO imagestorage VALUES(180,'c6603b0e-fe35-43e5-a4e4-209e14f18901',598,NULL,1,1,'sha256:444803ac251c6168b3c1b3e83b4070ecc2e142038f0aed559d0439b7f840d7a6');
INSERT INTO imagestorage VALUES(181,'9600ce54-3ea1-4b70-8d7e-83806ae7d21a',458,NULL,1,1,'sha256:8145472249da8ef051b4cb382b71a022b258ee28e6e1c19c0acf7aae76d8bebb');
INSERT INTO imagestorage VALUES(182,'57183b4a-d8f0-434f-8c06-1c1567a3ee54',458,NULL,1,1,'sha256:4b2122689518343a797c93423106bd9cad5ddcd1ea2f804400fe4c6634a7c598');
INSERT INTO imagestorage VALUES(183,'f79ab631-78c6-49ea-a7a3-65a689a6477e',135,10240,1,1,'sha256:91200a8e4e411e61591a737c1f32913a103b42c586ea1d621d8845651892a67d');
INSERT INTO imagestorage VALUES(184,'75b0837f-f586-4b9b-a627-34c314e3ace2',136,10240,1,1,'sha256:2a3f5991930933ed37a437a6af3c1b4ba4fd9d548d58e2d6c3de9f63e2ccf079');
INSERT INTO imagestorage VALUES(185,'6ada4055-cfc4-438a-a434-4ee2cdfc0b6d',32,NULL,1,1,'sha256:a06d889103b0af91be36fe94de1ee97977092ac60624bcd727a88c7bf6489478');
INSERT INTO imagestorage VALUES(186,'b89136d6-e4eb-4a02-810f-dbe554205a64',621,NULL,1,1,'sha256:ff7da544149695d217182a8f58aa14db2da628c5cda454959db1d3e2a928e87b');
INSERT INTO imagestorage VALUES(187,'ce76c5e4-e5dc-4896-9ec0-ff7c4ce4f5fa',138,10240,1,1,'sha256:15ce705356ba8f020ea3da37dbbb18d5a6cfbea7cd2790984bdb323c2376f6c6');
INSERT INTO imagestorage VALUES(188,'1b23d3be-5b2e-4054-8943-b4adb13f916e',138,10240,1,1,'sha256:de4d985dbc47676c87ff868f32aa42ac179cb52b95381b7ee1e4a28cdd5ce82f');
INSERT INTO imagestorage VALUES(189,'820f272b-8fd4-46f3-8e8f-bd5852812219',138,10240,1,1,'sha256:806fc293dd7925c58a4d231766ddfb9fae2c39abbde963535c47ac2bea85b10d');
INSERT INTO imagestorage VALUES(190,'3805a27e-2d6f-4e57-bc0d-5143ae596cf3',598,NULL,1,1,'sha256:421ea4ab3a35a3061f8a87c859cbe1c4e2af58020c6213b071f0eb31e5d63d89');
INSERT INTO imagestorage VALUES(191,'18aeb253-be96-4b1e-9929-019c6b9669d4',458,NULL,1,1,'sha256:2334b743ec2ce7dc6ed1467f2be339e0851d977eebcaa8d3f0155c5c574d98fe');
INSERT INTO imagestorage VALUES(192,'dd4b5611-54ff-43c3-b79c-48d3d8929589',458,NULL,1,1,'sha256:070f40043a55ffae4543665430c33b515ccfe41d0b3cc67db70f913d6af19e44');
INSERT INTO imagestorage VALUES(193,'4991b149-fe22-4bb3-9f1d-0ea3e19784b6',137,10240,1,1,'sha256:a3dc5e335bc5601911afe00f7bc77f8f2b29af9c6d8ddf927aa6f2c6d1ad8b64');
INSERT INTO imagestorage VALUES(194,'90c6942d-ea4e-49b2-9324-99bfdebc323d',137,10240,1,1,'sha256:2f79a2029b4cb7f5f24e4456887626d6e6b782743022c56485c1ecb4e1b33ceb');
INSERT INTO imagestorage VALUES(195,'b4da7c21-0d1a-4513-b943-79a462937cc9',32,NULL,1,1,'sha256:577a2feaef7b8d64a18de184e1ff01bdcdee64abbee91d9f9b5ff22eff4969d5');
CREATE TABLE IF NOT EXISTS "blobupload" (
	id INTEGER NOT NULL, 
	repository_id INTEGER NOT NULL, 
	uuid VARCHAR(255) NOT NULL, 
	byte_count BIGINT NOT NULL, 
	sha_state TEXT, 
	location_id INTEGER NOT NULL, 
	storage_metadata TEXT, 
	chunk_count INTEGER DEFAULT '0' NOT NULL, 
	uncompressed_byte_count BIGINT, 
	created DATETIME DEFAULT '2026-11-24 04:02:54' NOT NULL, 
	piece_sha_state TEXT, 
	piece_hashes TEXT, 
	CONSTRAINT pk_blobupload PRIMARY KEY (id), 
	CONSTRAINT fk_blobupload_location_id_imagestoragelocation FOREIGN KEY(location_id) REFERENCES imagestoragelocation (id), 
	CONSTRAINT fk_blobupload_repository_id_repository FOREIGN KEY(repository_id) REFERENCES repository (id)
);
INSERT INTO blobupload VALUES(1,2,'88e5ff2b-77be-40a9-b953-a11a9fd36bce',0,'gASVlQAAAAAAAACMD3Jlc3VtYWJsZXNoYTI1NpSMBnNoYTI1NpSTlCmBlENwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABn5glqha5nu3Lzbjw69U+lf1IOUYxoBZur2YMfGc3gW5RiLg==',10,'{}',0,NULL,'2026-11-24 04:03:29.253927',NULL,NULL);
CREATE TABLE deletednamespace (
	id INTEGER NOT NULL, 
	namespace_id INTEGER NOT NULL, 
	marked DATETIME NOT NULL, 
	original_username VARCHAR(255) NOT NULL, 
	original_email VARCHAR(255) NOT NULL, 
	queue_id VARCHAR(255), 
	CONSTRAINT pk_deletednamespace PRIMARY KEY (id), 
	CONSTRAINT fk_deletednamespace_namespace_id_user FOREIGN KEY(namespace_id) REFERENCES user (id)
);
CREATE TABLE disablereason (
	id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_disablereason PRIMARY KEY (id)
);
INSERT INTO disablereason VALUES(1,'user_toggled');
INSERT INTO disablereason VALUES(2,'successive_build_failures');
INSERT INTO disablereason VALUES(3,'successive_build_internal_errors');
CREATE TABLE robotaccountmetadata (
	id INTEGER NOT NULL, 
	robot_account_id INTEGER NOT NULL, 
	description VARCHAR(255) NOT NULL, 
	unstructured_json TEXT NOT NULL, 
	CONSTRAINT pk_robotaccountmetadata PRIMARY KEY (id), 
	CONSTRAINT fk_robotaccountmetadata_robot_account_id_user FOREIGN KEY(robot_account_id) REFERENCES user (id)
);
INSERT INTO robotaccountmetadata VALUES(1,3,'','{}');
INSERT INTO robotaccountmetadata VALUES(2,4,'','{}');
INSERT INTO robotaccountmetadata VALUES(3,7,'','{}');
INSERT INTO robotaccountmetadata VALUES(4,21,'','{}');
INSERT INTO robotaccountmetadata VALUES(5,23,'','{}');
INSERT INTO robotaccountmetadata VALUES(6,24,'','{}');
INSERT INTO robotaccountmetadata VALUES(7,25,'','{}');
CREATE TABLE logentry2 (
	id INTEGER NOT NULL, 
	kind_id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	performer_id INTEGER, 
	repository_id INTEGER, 
	datetime DATETIME NOT NULL, 
	ip VARCHAR(255), 
	metadata_json TEXT NOT NULL, 
	CONSTRAINT pk_logentry2 PRIMARY KEY (id), 
	CONSTRAINT fk_logentry2_kind_id_logentrykind FOREIGN KEY(kind_id) REFERENCES logentrykind (id)
);
CREATE TABLE apprblobplacementlocation (
	id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_apprblobplacementlocation PRIMARY KEY (id)
);
INSERT INTO apprblobplacementlocation VALUES(1,'local_eu');
INSERT INTO apprblobplacementlocation VALUES(2,'local_us');
CREATE TABLE apprtagkind (
	id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_apprtagkind PRIMARY KEY (id)
);
INSERT INTO apprtagkind VALUES(1,'tag');
INSERT INTO apprtagkind VALUES(2,'release');
INSERT INTO apprtagkind VALUES(3,'channel');
CREATE TABLE apprblob (
	id INTEGER NOT NULL, 
	digest VARCHAR(255) NOT NULL, 
	media_type_id INTEGER NOT NULL, 
	size BIGINT NOT NULL, 
	uncompressed_size BIGINT, 
	CONSTRAINT pk_apprblob PRIMARY KEY (id), 
	CONSTRAINT fk_apprblob_media_type_id_mediatype FOREIGN KEY(media_type_id) REFERENCES mediatype (id)
);
CREATE TABLE apprmanifest (
	id INTEGER NOT NULL, 
	digest VARCHAR(255) NOT NULL, 
	media_type_id INTEGER NOT NULL, 
	manifest_json TEXT NOT NULL, 
	CONSTRAINT pk_apprmanifest PRIMARY KEY (id), 
	CONSTRAINT fk_apprmanifest_media_type_id_mediatype FOREIGN KEY(media_type_id) REFERENCES mediatype (id)
);
CREATE TABLE apprmanifestlist (
	id INTEGER NOT NULL, 
	digest VARCHAR(255) NOT NULL, 
	manifest_list_json TEXT NOT NULL, 
	schema_version VARCHAR(255) NOT NULL, 
	media_type_id INTEGER NOT NULL, 
	CONSTRAINT pk_apprmanifestlist PRIMARY KEY (id), 
	CONSTRAINT fk_apprmanifestlist_media_type_id_mediatype FOREIGN KEY(media_type_id) REFERENCES mediatype (id)
);
CREATE TABLE apprblobplacement (
	id INTEGER NOT NULL, 
	blob_id INTEGER NOT NULL, 
	location_id INTEGER NOT NULL, 
	CONSTRAINT pk_apprblobplacement PRIMARY KEY (id), 
	CONSTRAINT fk_apprblobplacement_blob_id_apprblob FOREIGN KEY(blob_id) REFERENCES apprblob (id), 
	CONSTRAINT fk_apprblobplacement_location_id_apprblobplacementlocation FOREIGN KEY(location_id) REFERENCES apprblobplacementlocation (id)
);
CREATE TABLE apprmanifestblob (
	id INTEGER NOT NULL, 
	manifest_id INTEGER NOT NULL, 
	blob_id INTEGER NOT NULL, 
	CONSTRAINT pk_apprmanifestblob PRIMARY KEY (id), 
	CONSTRAINT fk_apprmanifestblob_blob_id_apprblob FOREIGN KEY(blob_id) REFERENCES apprblob (id), 
	CONSTRAINT fk_apprmanifestblob_manifest_id_apprmanifest FOREIGN KEY(manifest_id) REFERENCES apprmanifest (id)
);
CREATE TABLE apprmanifestlistmanifest (
	id INTEGER NOT NULL, 
	manifest_list_id INTEGER NOT NULL, 
	manifest_id INTEGER NOT NULL, 
	operating_system VARCHAR(255), 
	architecture VARCHAR(255), 
	platform_json TEXT, 
	media_type_id INTEGER NOT NULL, 
	CONSTRAINT pk_apprmanifestlistmanifest PRIMARY KEY (id), 
	CONSTRAINT fk_apprmanifestlistmanifest_manifest_id_apprmanifest FOREIGN KEY(manifest_id) REFERENCES apprmanifest (id), 
	CONSTRAINT fk_apprmanifestlistmanifest_manifest_list_id_apprmanifestlist FOREIGN KEY(manifest_list_id) REFERENCES apprmanifestlist (id), 
	CONSTRAINT fk_apprmanifestlistmanifest_media_type_id_mediatype FOREIGN KEY(media_type_id) REFERENCES mediatype (id)
);
CREATE TABLE apprtag (
	id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	repository_id INTEGER NOT NULL, 
	manifest_list_id INTEGER, 
	lifetime_start BIGINT NOT NULL, 
	lifetime_end BIGINT, 
	hidden BOOLEAN NOT NULL, 
	reverted BOOLEAN NOT NULL, 
	protected BOOLEAN NOT NULL, 
	tag_kind_id INTEGER NOT NULL, 
	linked_tag_id INTEGER, 
	CONSTRAINT pk_apprtag PRIMARY KEY (id), 
	CONSTRAINT fk_apprtag_linked_tag_id_apprtag FOREIGN KEY(linked_tag_id) REFERENCES apprtag (id), 
	CONSTRAINT fk_apprtag_manifest_list_id_apprmanifestlist FOREIGN KEY(manifest_list_id) REFERENCES apprmanifestlist (id), 
	CONSTRAINT fk_apprtag_repository_id_repository FOREIGN KEY(repository_id) REFERENCES repository (id), 
	CONSTRAINT fk_apprtag_tag_kind_id_apprtagkind FOREIGN KEY(tag_kind_id) REFERENCES apprtagkind (id)
);
CREATE TABLE IF NOT EXISTS "logentry" (
	id BIGINT NOT NULL, 
	kind_id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	performer_id INTEGER, 
	repository_id INTEGER, 
	datetime DATETIME NOT NULL, 
	ip VARCHAR(255), 
	metadata_json TEXT NOT NULL, 
	CONSTRAINT pk_logentry PRIMARY KEY (id), 
	CONSTRAINT fk_logentry_kind_id_logentrykind FOREIGN KEY(kind_id) REFERENCES logentrykind (id)
);
CREATE TABLE manifestlabel (
	id INTEGER NOT NULL, 
	repository_id INTEGER NOT NULL, 
	manifest_id INTEGER NOT NULL, 
	label_id INTEGER NOT NULL, 
	CONSTRAINT pk_manifestlabel PRIMARY KEY (id), 
	CONSTRAINT fk_manifestlabel_label_id_label FOREIGN KEY(label_id) REFERENCES label (id), 
	CONSTRAINT fk_manifestlabel_manifest_id_manifest FOREIGN KEY(manifest_id) REFERENCES manifest (id), 
	CONSTRAINT fk_manifestlabel_repository_id_repository FOREIGN KEY(repository_id) REFERENCES repository (id)
);
INSERT INTO manifestlabel VALUES(1,2,3,1);
INSERT INTO manifestlabel VALUES(2,2,3,2);
INSERT INTO manifestlabel VALUES(3,2,3,3);
INSERT INTO manifestlabel VALUES(4,2,3,4);
INSERT INTO manifestlabel VALUES(5,20,58,5);
INSERT INTO manifestlabel VALUES(6,20,63,6);
INSERT INTO manifestlabel VALUES(7,21,64,7);
INSERT INTO manifestlabel VALUES(8,21,69,8);
INSERT INTO manifestlabel VALUES(9,22,70,9);
INSERT INTO manifestlabel VALUES(10,22,75,10);
CREATE TABLE IF NOT EXISTS "manifestblob" (
	id INTEGER NOT NULL, 
	repository_id INTEGER NOT NULL, 
	manifest_id INTEGER NOT NULL, 
	blob_id INTEGER NOT NULL, 
	CONSTRAINT pk_manifestblob PRIMARY KEY (id), 
	CONSTRAINT fk_manifestblob_blob_id_imagestorage FOREIGN KEY(blob_id) REFERENCES imagestorage (id), 
	CONSTRAINT fk_manifestblob_repository_id_repository FOREIGN KEY(repository_id) REFERENCES repository (id), 
	CONSTRAINT fk_manifestblob_manifest_id_manifest FOREIGN KEY(manifest_id) REFERENCES manifest (id)
);
INSERT INTO manifestblob VALUES(1,1,1,1);
INSERT INTO manifestblob VALUES(2,1,1,2);
INSERT INTO manifestblob VALUES(3,1,1,3);
INSERT INTO manifestblob VALUES(4,1,1,4);
INSERT INTO manifestblob VALUES(5,1,2,1);
INSERT INTO manifestblob VALUES(6,1,2,2);
INSERT INTO manifestblob VALUES(7,1,2,3);
INSERT INTO manifestblob VALUES(8,1,2,4);
INSERT INTO manifestblob VALUES(9,2,3,8);
INSERT INTO manifestblob VALUES(10,2,3,5);
INSERT INTO manifestblob VALUES(11,2,3,6);
INSERT INTO manifestblob VALUES(12,2,3,7);
INSERT INTO manifestblob VALUES(13,2,4,8);
INSERT INTO manifestblob VALUES(14,2,4,5);
INSERT INTO manifestblob VALUES(15,2,4,6);
INSERT INTO manifestblob VALUES(16,2,4,7);
INSERT INTO manifestblob VALUES(17,3,5,9);
INSERT INTO manifestblob VALUES(18,3,5,10);
INSERT INTO manifestblob VALUES(19,3,5,11);
INSERT INTO manifestblob VALUES(20,3,5,12);
INSERT INTO manifestblob VALUES(21,3,5,13);
INSERT INTO manifestblob VALUES(22,3,6,9);
INSERT INTO manifestblob VALUES(23,3,6,10);
INSERT INTO manifestblob VALUES(24,3,6,11);
INSERT INTO manifestblob VALUES(25,3,6,12);
INSERT INTO manifestblob VALUES(26,3,6,13);
INSERT INTO manifestblob VALUES(27,3,7,9);
INSERT INTO manifestblob VALUES(28,3,7,10);
INSERT INTO manifestblob VALUES(29,3,7,11);
INSERT INTO manifestblob VALUES(30,3,7,12);
INSERT INTO manifestblob VALUES(31,3,7,13);
INSERT INTO manifestblob VALUES(32,3,8,9);
INSERT INTO manifestblob VALUES(33,3,8,10);
INSERT INTO manifestblob VALUES(34,3,8,11);
INSERT INTO manifestblob VALUES(35,3,8,12);
INSERT INTO manifestblob VALUES(36,3,8,13);
INSERT INTO manifestblob VALUES(37,3,8,14);
INSERT INTO manifestblob VALUES(38,3,8,15);
INSERT INTO manifestblob VALUES(39,3,9,9);
INSERT INTO manifestblob VALUES(40,3,9,10);
INSERT INTO manifestblob VALUES(41,3,9,11);
INSERT INTO manifestblob VALUES(42,3,9,12);
INSERT INTO manifestblob VALUES(43,3,9,13);
INSERT INTO manifestblob VALUES(44,3,9,14);
INSERT INTO manifestblob VALUES(45,3,9,15);
INSERT INTO manifestblob VALUES(46,3,10,9);
INSERT INTO manifestblob VALUES(47,3,10,10);
INSERT INTO manifestblob VALUES(48,3,10,11);
INSERT INTO manifestblob VALUES(49,3,10,12);
INSERT INTO manifestblob VALUES(50,3,10,13);
INSERT INTO manifestblob VALUES(51,3,10,14);
INSERT INTO manifestblob VALUES(52,3,10,15);
INSERT INTO manifestblob VALUES(53,3,10,16);
INSERT INTO manifestblob VALUES(54,3,11,9);
INSERT INTO manifestblob VALUES(55,3,11,10);
INSERT INTO manifestblob VALUES(56,3,11,11);
INSERT INTO manifestblob VALUES(57,3,11,12);
INSERT INTO manifestblob VALUES(58,3,11,13);
INSERT INTO manifestblob VALUES(59,3,11,14);
INSERT INTO manifestblob VALUES(60,3,11,15);
INSERT INTO manifestblob VALUES(61,3,11,16);
INSERT INTO manifestblob VALUES(62,4,12,18);
INSERT INTO manifestblob VALUES(63,4,12,19);
INSERT INTO manifestblob VALUES(64,4,12,20);
INSERT INTO manifestblob VALUES(65,4,12,21);
INSERT INTO manifestblob VALUES(66,4,12,22);
INSERT INTO manifestblob VALUES(67,4,12,23);
INSERT INTO manifestblob VALUES(68,4,13,18);
INSERT INTO manifestblob VALUES(69,4,13,19);
INSERT INTO manifestblob VALUES(70,4,13,20);
INSERT INTO manifestblob VALUES(71,4,13,21);
INSERT INTO manifestblob VALUES(72,4,13,22);
INSERT INTO manifestblob VALUES(73,4,13,23);
INSERT INTO manifestblob VALUES(74,4,13,24);
INSERT INTO manifestblob VALUES(75,4,13,25);
INSERT INTO manifestblob VALUES(76,4,13,26);
INSERT INTO manifestblob VALUES(77,5,14,27);
INSERT INTO manifestblob VALUES(78,5,14,28);
INSERT INTO manifestblob VALUES(79,5,14,29);
INSERT INTO manifestblob VALUES(80,5,14,30);
INSERT INTO manifestblob VALUES(81,5,14,31);
INSERT INTO manifestblob VALUES(82,5,15,32);
INSERT INTO manifestblob VALUES(83,5,15,33);
INSERT INTO manifestblob VALUES(84,5,15,27);
INSERT INTO manifestblob VALUES(85,5,15,28);
INSERT INTO manifestblob VALUES(86,5,15,29);
INSERT INTO manifestblob VALUES(87,5,15,30);
INSERT INTO manifestblob VALUES(88,5,15,31);
INSERT INTO manifestblob VALUES(89,5,16,32);
INSERT INTO manifestblob VALUES(90,5,16,33);
INSERT INTO manifestblob VALUES(91,5,16,34);
INSERT INTO manifestblob VALUES(92,5,16,35);
INSERT INTO manifestblob VALUES(93,5,16,27);
INSERT INTO manifestblob VALUES(94,5,16,28);
INSERT INTO manifestblob VALUES(95,5,16,29);
INSERT INTO manifestblob VALUES(96,5,16,30);
INSERT INTO manifestblob VALUES(97,5,16,31);
INSERT INTO manifestblob VALUES(98,6,17,37);
INSERT INTO manifestblob VALUES(99,6,17,38);
INSERT INTO manifestblob VALUES(100,6,17,39);
INSERT INTO manifestblob VALUES(101,6,17,40);
INSERT INTO manifestblob VALUES(102,6,17,41);
INSERT INTO manifestblob VALUES(103,6,18,37);
INSERT INTO manifestblob VALUES(104,6,18,38);
INSERT INTO manifestblob VALUES(105,6,18,39);
INSERT INTO manifestblob VALUES(106,6,18,40);
INSERT INTO manifestblob VALUES(107,6,18,41);
INSERT INTO manifestblob VALUES(108,6,18,42);
INSERT INTO manifestblob VALUES(109,6,18,43);
INSERT INTO manifestblob VALUES(110,6,19,37);
INSERT INTO manifestblob VALUES(111,6,19,38);
INSERT INTO manifestblob VALUES(112,6,19,39);
INSERT INTO manifestblob VALUES(113,6,19,40);
INSERT INTO manifestblob VALUES(114,6,19,41);
INSERT INTO manifestblob VALUES(115,6,19,42);
INSERT INTO manifestblob VALUES(116,6,19,43);
INSERT INTO manifestblob VALUES(117,6,19,44);
INSERT INTO manifestblob VALUES(118,6,20,37);
INSERT INTO manifestblob VALUES(119,6,20,38);
INSERT INTO manifestblob VALUES(120,6,20,39);
INSERT INTO manifestblob VALUES(121,6,20,40);
INSERT INTO manifestblob VALUES(122,6,20,41);
INSERT INTO manifestblob VALUES(123,6,20,42);
INSERT INTO manifestblob VALUES(124,6,20,43);
INSERT INTO manifestblob VALUES(125,6,20,44);
INSERT INTO manifestblob VALUES(126,6,21,37);
INSERT INTO manifestblob VALUES(127,6,21,38);
INSERT INTO manifestblob VALUES(128,6,21,39);
INSERT INTO manifestblob VALUES(129,6,21,40);
INSERT INTO manifestblob VALUES(130,6,21,41);
INSERT INTO manifestblob VALUES(131,6,21,42);
INSERT INTO manifestblob VALUES(132,6,21,43);
INSERT INTO manifestblob VALUES(133,6,21,44);
INSERT INTO manifestblob VALUES(134,6,21,45);
INSERT INTO manifestblob VALUES(135,6,21,46);
INSERT INTO manifestblob VALUES(136,6,21,47);
INSERT INTO manifestblob VALUES(137,6,21,48);
INSERT INTO manifestblob VALUES(138,6,21,49);
INSERT INTO manifestblob VALUES(139,6,21,50);
INSERT INTO manifestblob VALUES(140,6,21,51);
INSERT INTO manifestblob VALUES(141,6,21,52);
INSERT INTO manifestblob VALUES(142,6,21,53);
INSERT INTO manifestblob VALUES(143,6,21,54);
INSERT INTO manifestblob VALUES(144,6,21,55);
INSERT INTO manifestblob VALUES(145,6,21,56);
INSERT INTO manifestblob VALUES(146,6,21,57);
INSERT INTO manifestblob VALUES(147,6,21,58);
INSERT INTO manifestblob VALUES(148,6,21,59);
INSERT INTO manifestblob VALUES(149,6,21,60);
INSERT INTO manifestblob VALUES(150,6,21,61);
INSERT INTO manifestblob VALUES(151,6,21,62);
INSERT INTO manifestblob VALUES(152,6,21,63);
INSERT INTO manifestblob VALUES(153,6,21,64);
INSERT INTO manifestblob VALUES(154,6,21,65);
INSERT INTO manifestblob VALUES(155,6,22,37);
INSERT INTO manifestblob VALUES(156,6,22,38);
INSERT INTO manifestblob VALUES(157,6,22,39);
INSERT INTO manifestblob VALUES(158,6,22,40);
INSERT INTO manifestblob VALUES(159,6,22,41);
INSERT INTO manifestblob VALUES(160,6,22,42);
INSERT INTO manifestblob VALUES(161,6,22,43);
INSERT INTO manifestblob VALUES(162,6,22,44);
INSERT INTO manifestblob VALUES(163,6,22,45);
INSERT INTO manifestblob VALUES(164,6,22,46);
INSERT INTO manifestblob VALUES(165,6,22,47);
INSERT INTO manifestblob VALUES(166,6,22,48);
INSERT INTO manifestblob VALUES(167,6,22,49);
INSERT INTO manifestblob VALUES(168,6,22,50);
INSERT INTO manifestblob VALUES(169,6,22,51);
INSERT INTO manifestblob VALUES(170,6,22,52);
INSERT INTO manifestblob VALUES(171,6,22,53);
INSERT INTO manifestblob VALUES(172,6,22,54);
INSERT INTO manifestblob VALUES(173,6,22,55);
INSERT INTO manifestblob VALUES(174,6,22,56);
INSERT INTO manifestblob VALUES(175,6,22,57);
INSERT INTO manifestblob VALUES(176,6,22,58);
INSERT INTO manifestblob VALUES(177,6,22,59);
INSERT INTO manifestblob VALUES(178,6,22,60);
INSERT INTO manifestblob VALUES(179,6,22,61);
INSERT INTO manifestblob VALUES(180,6,22,62);
INSERT INTO manifestblob VALUES(181,6,22,63);
INSERT INTO manifestblob VALUES(182,6,22,64);
INSERT INTO manifestblob VALUES(183,6,22,65);
INSERT INTO manifestblob VALUES(184,6,22,66);
INSERT INTO manifestblob VALUES(185,6,22,67);
INSERT INTO manifestblob VALUES(186,6,22,68);
INSERT INTO manifestblob VALUES(187,6,22,69);
INSERT INTO manifestblob VALUES(188,6,22,70);
INSERT INTO manifestblob VALUES(189,6,23,37);
INSERT INTO manifestblob VALUES(190,6,23,38);
INSERT INTO manifestblob VALUES(191,6,23,39);
INSERT INTO manifestblob VALUES(192,6,23,40);
INSERT INTO manifestblob VALUES(193,6,23,41);
INSERT INTO manifestblob VALUES(194,6,23,42);
INSERT INTO manifestblob VALUES(195,6,23,43);
INSERT INTO manifestblob VALUES(196,6,23,44);
INSERT INTO manifestblob VALUES(197,6,23,45);
INSERT INTO manifestblob VALUES(198,6,23,46);
INSERT INTO manifestblob VALUES(199,6,23,47);
INSERT INTO manifestblob VALUES(200,6,23,48);
INSERT INTO manifestblob VALUES(201,6,23,49);
INSERT INTO manifestblob VALUES(202,6,23,50);
INSERT INTO manifestblob VALUES(203,6,23,51);
INSERT INTO manifestblob VALUES(204,6,23,52);
INSERT INTO manifestblob VALUES(205,6,23,53);
INSERT INTO manifestblob VALUES(206,6,23,54);
INSERT INTO manifestblob VALUES(207,6,23,55);
INSERT INTO manifestblob VALUES(208,6,23,56);
INSERT INTO manifestblob VALUES(209,6,23,57);
INSERT INTO manifestblob VALUES(210,6,23,58);
INSERT INTO manifestblob VALUES(211,6,23,59);
INSERT INTO manifestblob VALUES(212,6,23,60);
INSERT INTO manifestblob VALUES(213,6,23,61);
INSERT INTO manifestblob VALUES(214,6,23,62);
INSERT INTO manifestblob VALUES(215,6,23,63);
INSERT INTO manifestblob VALUES(216,6,23,64);
INSERT INTO manifestblob VALUES(217,6,23,65);
INSERT INTO manifestblob VALUES(218,6,23,66);
INSERT INTO manifestblob VALUES(219,6,23,67);
INSERT INTO manifestblob VALUES(220,6,23,68);
INSERT INTO manifestblob VALUES(221,6,23,69);
INSERT INTO manifestblob VALUES(222,6,23,70);
INSERT INTO manifestblob VALUES(223,6,23,71);
INSERT INTO manifestblob VALUES(224,6,23,72);
INSERT INTO manifestblob VALUES(225,6,24,37);
INSERT INTO manifestblob VALUES(226,6,24,38);
INSERT INTO manifestblob VALUES(227,6,24,39);
INSERT INTO manifestblob VALUES(228,6,24,40);
INSERT INTO manifestblob VALUES(229,6,24,41);
INSERT INTO manifestblob VALUES(230,6,24,42);
INSERT INTO manifestblob VALUES(231,6,24,43);
INSERT INTO manifestblob VALUES(232,6,24,44);
INSERT INTO manifestblob VALUES(233,6,24,45);
INSERT INTO manifestblob VALUES(234,6,24,46);
INSERT INTO manifestblob VALUES(235,6,24,47);
INSERT INTO manifestblob VALUES(236,6,24,48);
INSERT INTO manifestblob VALUES(237,6,24,49);
INSERT INTO manifestblob VALUES(238,6,24,50);
INSERT INTO manifestblob VALUES(239,6,24,51);
INSERT INTO manifestblob VALUES(240,6,24,52);
INSERT INTO manifestblob VALUES(241,6,24,53);
INSERT INTO manifestblob VALUES(242,6,24,54);
INSERT INTO manifestblob VALUES(243,6,24,55);
INSERT INTO manifestblob VALUES(244,6,24,56);
INSERT INTO manifestblob VALUES(245,6,24,57);
INSERT INTO manifestblob VALUES(246,6,24,58);
INSERT INTO manifestblob VALUES(247,6,24,59);
INSERT INTO manifestblob VALUES(248,6,24,60);
INSERT INTO manifestblob VALUES(249,6,24,61);
INSERT INTO manifestblob VALUES(250,6,24,62);
INSERT INTO manifestblob VALUES(251,6,24,63);
INSERT INTO manifestblob VALUES(252,6,24,64);
INSERT INTO manifestblob VALUES(253,6,24,65);
INSERT INTO manifestblob VALUES(254,6,24,66);
INSERT INTO manifestblob VALUES(255,6,24,67);
INSERT INTO manifestblob VALUES(256,6,24,68);
INSERT INTO manifestblob VALUES(257,6,24,69);
INSERT INTO manifestblob VALUES(258,6,24,70);
INSERT INTO manifestblob VALUES(259,6,24,71);
INSERT INTO manifestblob VALUES(260,6,24,72);
INSERT INTO manifestblob VALUES(261,6,24,73);
INSERT INTO manifestblob VALUES(262,7,25,74);
INSERT INTO manifestblob VALUES(263,7,25,75);
INSERT INTO manifestblob VALUES(264,7,25,76);
INSERT INTO manifestblob VALUES(265,7,25,77);
INSERT INTO manifestblob VALUES(266,7,26,74);
INSERT INTO manifestblob VALUES(267,7,26,75);
INSERT INTO manifestblob VALUES(268,7,26,76);
INSERT INTO manifestblob VALUES(269,7,26,77);
INSERT INTO manifestblob VALUES(270,8,27,78);
INSERT INTO manifestblob VALUES(271,8,27,79);
INSERT INTO manifestblob VALUES(272,8,27,80);
INSERT INTO manifestblob VALUES(273,8,27,81);
INSERT INTO manifestblob VALUES(274,8,27,82);
INSERT INTO manifestblob VALUES(275,8,27,83);
INSERT INTO manifestblob VALUES(276,8,27,84);
INSERT INTO manifestblob VALUES(277,8,27,85);
INSERT INTO manifestblob VALUES(278,8,27,86);
INSERT INTO manifestblob VALUES(279,8,27,87);
INSERT INTO manifestblob VALUES(280,9,28,88);
INSERT INTO manifestblob VALUES(281,9,28,89);
INSERT INTO manifestblob VALUES(282,9,28,90);
INSERT INTO manifestblob VALUES(283,9,28,91);
INSERT INTO manifestblob VALUES(284,9,28,92);
INSERT INTO manifestblob VALUES(285,10,29,96);
INSERT INTO manifestblob VALUES(286,10,29,97);
INSERT INTO manifestblob VALUES(287,10,29,93);
INSERT INTO manifestblob VALUES(288,10,29,94);
INSERT INTO manifestblob VALUES(289,10,29,95);
INSERT INTO manifestblob VALUES(290,11,30,98);
INSERT INTO manifestblob VALUES(291,11,30,99);
INSERT INTO manifestblob VALUES(292,11,30,100);
INSERT INTO manifestblob VALUES(293,11,30,101);
INSERT INTO manifestblob VALUES(294,11,30,102);
INSERT INTO manifestblob VALUES(295,13,31,104);
INSERT INTO manifestblob VALUES(296,13,31,105);
INSERT INTO manifestblob VALUES(297,13,31,106);
INSERT INTO manifestblob VALUES(298,13,31,107);
INSERT INTO manifestblob VALUES(299,13,32,104);
INSERT INTO manifestblob VALUES(300,13,32,105);
INSERT INTO manifestblob VALUES(301,13,32,106);
INSERT INTO manifestblob VALUES(302,13,32,107);
INSERT INTO manifestblob VALUES(303,14,33,108);
INSERT INTO manifestblob VALUES(304,14,33,109);
INSERT INTO manifestblob VALUES(305,14,33,110);
INSERT INTO manifestblob VALUES(306,14,33,111);
INSERT INTO manifestblob VALUES(307,14,34,108);
INSERT INTO manifestblob VALUES(308,14,34,109);
INSERT INTO manifestblob VALUES(309,14,34,110);
INSERT INTO manifestblob VALUES(310,14,34,111);
INSERT INTO manifestblob VALUES(311,15,35,112);
INSERT INTO manifestblob VALUES(312,15,35,113);
INSERT INTO manifestblob VALUES(313,15,35,114);
INSERT INTO manifestblob VALUES(314,15,35,115);
INSERT INTO manifestblob VALUES(315,15,36,112);
INSERT INTO manifestblob VALUES(316,15,36,113);
INSERT INTO manifestblob VALUES(317,15,36,114);
INSERT INTO manifestblob VALUES(318,15,36,115);
INSERT INTO manifestblob VALUES(319,16,37,116);
INSERT INTO manifestblob VALUES(320,16,37,117);
INSERT INTO manifestblob VALUES(321,16,37,118);
INSERT INTO manifestblob VALUES(322,16,37,119);
INSERT INTO manifestblob VALUES(323,16,37,120);
INSERT INTO manifestblob VALUES(324,16,37,121);
INSERT INTO manifestblob VALUES(325,16,37,122);
INSERT INTO manifestblob VALUES(326,16,37,123);
INSERT INTO manifestblob VALUES(327,16,37,124);
INSERT INTO manifestblob VALUES(328,16,37,125);
INSERT INTO manifestblob VALUES(329,16,38,126);
INSERT INTO manifestblob VALUES(330,16,38,127);
INSERT INTO manifestblob VALUES(331,16,39,128);
INSERT INTO manifestblob VALUES(332,16,39,129);
INSERT INTO manifestblob VALUES(333,16,40,128);
INSERT INTO manifestblob VALUES(334,16,40,129);
INSERT INTO manifestblob VALUES(335,16,40,130);
INSERT INTO manifestblob VALUES(336,16,41,128);
INSERT INTO manifestblob VALUES(337,16,41,129);
INSERT INTO manifestblob VALUES(338,16,41,130);
INSERT INTO manifestblob VALUES(339,16,41,131);
INSERT INTO manifestblob VALUES(340,16,41,132);
INSERT INTO manifestblob VALUES(341,16,42,133);
INSERT INTO manifestblob VALUES(342,16,42,134);
INSERT INTO manifestblob VALUES(343,16,43,136);
INSERT INTO manifestblob VALUES(344,16,43,135);
INSERT INTO manifestblob VALUES(345,16,44,137);
INSERT INTO manifestblob VALUES(346,16,44,138);
INSERT INTO manifestblob VALUES(347,16,45,139);
INSERT INTO manifestblob VALUES(348,16,45,140);
INSERT INTO manifestblob VALUES(349,16,46,141);
INSERT INTO manifestblob VALUES(350,16,46,142);
INSERT INTO manifestblob VALUES(351,16,47,144);
INSERT INTO manifestblob VALUES(352,16,47,143);
INSERT INTO manifestblob VALUES(353,16,48,145);
INSERT INTO manifestblob VALUES(354,16,48,146);
INSERT INTO manifestblob VALUES(355,16,49,147);
INSERT INTO manifestblob VALUES(356,16,49,148);
INSERT INTO manifestblob VALUES(357,16,50,149);
INSERT INTO manifestblob VALUES(358,16,50,150);
INSERT INTO manifestblob VALUES(359,16,51,152);
INSERT INTO manifestblob VALUES(360,16,51,151);
INSERT INTO manifestblob VALUES(361,16,52,153);
INSERT INTO manifestblob VALUES(362,16,52,154);
INSERT INTO manifestblob VALUES(363,16,53,155);
INSERT INTO manifestblob VALUES(364,16,53,156);
INSERT INTO manifestblob VALUES(365,17,54,160);
INSERT INTO manifestblob VALUES(366,17,54,157);
INSERT INTO manifestblob VALUES(367,17,54,158);
INSERT INTO manifestblob VALUES(368,17,54,159);
INSERT INTO manifestblob VALUES(369,17,55,160);
INSERT INTO manifestblob VALUES(370,17,55,157);
INSERT INTO manifestblob VALUES(371,17,55,158);
INSERT INTO manifestblob VALUES(372,17,55,159);
INSERT INTO manifestblob VALUES(373,18,56,161);
INSERT INTO manifestblob VALUES(374,18,56,162);
INSERT INTO manifestblob VALUES(375,18,56,163);
INSERT INTO manifestblob VALUES(376,18,56,164);
INSERT INTO manifestblob VALUES(377,18,57,161);
INSERT INTO manifestblob VALUES(378,18,57,162);
INSERT INTO manifestblob VALUES(379,18,57,163);
INSERT INTO manifestblob VALUES(380,18,57,164);
INSERT INTO manifestblob VALUES(381,20,58,168);
INSERT INTO manifestblob VALUES(382,20,58,165);
INSERT INTO manifestblob VALUES(383,20,58,166);
INSERT INTO manifestblob VALUES(384,20,58,167);
INSERT INTO manifestblob VALUES(385,20,59,168);
INSERT INTO manifestblob VALUES(386,20,59,169);
INSERT INTO manifestblob VALUES(387,20,59,166);
INSERT INTO manifestblob VALUES(388,20,59,167);
INSERT INTO manifestblob VALUES(389,20,60,170);
INSERT INTO manifestblob VALUES(390,20,60,166);
INSERT INTO manifestblob VALUES(391,20,60,167);
INSERT INTO manifestblob VALUES(392,20,61,171);
INSERT INTO manifestblob VALUES(393,20,61,172);
INSERT INTO manifestblob VALUES(394,20,61,173);
INSERT INTO manifestblob VALUES(395,20,63,174);
INSERT INTO manifestblob VALUES(396,20,63,175);
INSERT INTO manifestblob VALUES(397,21,64,176);
INSERT INTO manifestblob VALUES(398,21,64,177);
INSERT INTO manifestblob VALUES(399,21,64,178);
INSERT INTO manifestblob VALUES(400,21,64,179);
INSERT INTO manifestblob VALUES(401,21,65,177);
INSERT INTO manifestblob VALUES(402,21,65,178);
INSERT INTO manifestblob VALUES(403,21,65,179);
INSERT INTO manifestblob VALUES(404,21,65,180);
INSERT INTO manifestblob VALUES(405,21,66,177);
INSERT INTO manifestblob VALUES(406,21,66,178);
INSERT INTO manifestblob VALUES(407,21,66,181);
INSERT INTO manifestblob VALUES(408,21,67,184);
INSERT INTO manifestblob VALUES(409,21,67,182);
INSERT INTO manifestblob VALUES(410,21,67,183);
INSERT INTO manifestblob VALUES(411,21,69,185);
INSERT INTO manifestblob VALUES(412,21,69,174);
INSERT INTO manifestblob VALUES(413,22,70,186);
INSERT INTO manifestblob VALUES(414,22,70,187);
INSERT INTO manifestblob VALUES(415,22,70,188);
INSERT INTO manifestblob VALUES(416,22,70,189);
INSERT INTO manifestblob VALUES(417,22,71,187);
INSERT INTO manifestblob VALUES(418,22,71,188);
INSERT INTO manifestblob VALUES(419,22,71,189);
INSERT INTO manifestblob VALUES(420,22,71,190);
INSERT INTO manifestblob VALUES(421,22,72,187);
INSERT INTO manifestblob VALUES(422,22,72,188);
INSERT INTO manifestblob VALUES(423,22,72,191);
INSERT INTO manifestblob VALUES(424,22,73,192);
INSERT INTO manifestblob VALUES(425,22,73,193);
INSERT INTO manifestblob VALUES(426,22,73,194);
INSERT INTO manifestblob VALUES(427,22,75,195);
INSERT INTO manifestblob VALUES(428,22,75,174);
CREATE TABLE IF NOT EXISTS "manifest" (
	id INTEGER NOT NULL, 
	repository_id INTEGER NOT NULL, 
	digest VARCHAR(255) NOT NULL, 
	media_type_id INTEGER NOT NULL, 
	manifest_bytes TEXT NOT NULL, config_media_type VARCHAR(255), layers_compressed_size BIGINT, subject VARCHAR(255), subject_backfilled BOOLEAN, artifact_type VARCHAR(255), artifact_type_backfilled BOOLEAN, 
	CONSTRAINT pk_manifest PRIMARY KEY (id), 
	CONSTRAINT fk_manifest_media_type_id_mediatype FOREIGN KEY(media_type_id) REFERENCES mediatype (id), 
	CONSTRAINT fk_manifest_repository_id_repository FOREIGN KEY(repository_id) REFERENCES repository (id)
);
INSERT INTO manifest VALUES(1,1,'sha256:15cb7a947b2488589dbf9b14392aef45c1d20b797fe45e65cb4d1ee41f200a2b',14,replace('{\n   "tag": "latest",\n   "name": "randomuser/randomrepo",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef301795493008032\", \"Size\": 23, \"parent\": \"abcdef201795493008022\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef201795493008022\", \"Size\": 23, \"parent\": \"abcdef101795493008010\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493008010\", \"Size\": 23, \"parent\": \"abcdef001795493008000\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493008000\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:9dee81c1c7eeb114d01c0764b8765a926c47ff6d764c65792112d4971c55cf12"\n      },\n      {\n         "blobSum": "sha256:170f0d304c787a1a96eae1dffa2576a147a5ef325b4eb472f0c295f159958eac"\n      },\n      {\n         "blobSum": "sha256:243f103b5751b3603c3c93e91b671a8d91cf23ec856c2aaf8a9d541964c0b3c2"\n      },\n      {\n         "blobSum": "sha256:cac1b2fbf27300f392b359d4555e2d74a4339b8d1e9ae48b9bcdb2c3b41aead7"\n      }\n   ]\n}','\n',char(10)),NULL,92,NULL,1,NULL,1);
INSERT INTO manifest VALUES(2,1,'sha256:7d4537f5713781c9a73e2076ea54ac9a7f3fc4b38796b9a6294ed49d17c7bc04',14,replace('{\n   "tag": "prod",\n   "name": "randomuser/randomrepo",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef301795493008032\", \"Size\": 23, \"parent\": \"abcdef201795493008022\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef201795493008022\", \"Size\": 23, \"parent\": \"abcdef101795493008010\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493008010\", \"Size\": 23, \"parent\": \"abcdef001795493008000\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493008000\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:9dee81c1c7eeb114d01c0764b8765a926c47ff6d764c65792112d4971c55cf12"\n      },\n      {\n         "blobSum": "sha256:170f0d304c787a1a96eae1dffa2576a147a5ef325b4eb472f0c295f159958eac"\n      },\n      {\n         "blobSum": "sha256:243f103b5751b3603c3c93e91b671a8d91cf23ec856c2aaf8a9d541964c0b3c2"\n      },\n      {\n         "blobSum": "sha256:cac1b2fbf27300f392b359d4555e2d74a4339b8d1e9ae48b9bcdb2c3b41aead7"\n      }\n   ]\n}','\n',char(10)),NULL,92,NULL,1,NULL,1);
INSERT INTO manifest VALUES(3,2,'sha256:ff8808997f85daae17ecc14e85384c3e35efdd6935f7fe44fcc3284d55e09cdf',14,replace('{\n   "tag": "latest",\n   "name": "devtable/simple",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef301795493008693\", \"Size\": 23, \"parent\": \"abcdef201795493008674\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef201795493008674\", \"Size\": 23, \"parent\": \"abcdef101795493008654\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493008654\", \"Size\": 23, \"parent\": \"abcdef001795493008642\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493008642\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:e42862e9b690c50f90ef100febd3cd824ede39b40e793fc7dd4ad5b47cbd0e8b"\n      },\n      {\n         "blobSum": "sha256:9ad659e959cb78e379a5fe081649c7e7e4ab2611c655d1286690ddea746715e0"\n      },\n      {\n         "blobSum": "sha256:010ef3e2024c18e8205e01edaa8c49322b765395325bbfa91b56b554e35369a4"\n      },\n      {\n         "blobSum": "sha256:123bbdc2ccd99f047e075ec33d3fae4801a9b48e5993e00dc895a1917aa2a6cf"\n      }\n   ]\n}','\n',char(10)),NULL,92,NULL,1,NULL,1);
INSERT INTO manifest VALUES(4,2,'sha256:c85af5b67ff51ab8ff6b39d7840bb60cf37f9f78e52185e1ef6b9381b0d43b0d',14,replace('{\n   "tag": "prod",\n   "name": "devtable/simple",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef301795493008693\", \"Size\": 23, \"parent\": \"abcdef201795493008674\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef201795493008674\", \"Size\": 23, \"parent\": \"abcdef101795493008654\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493008654\", \"Size\": 23, \"parent\": \"abcdef001795493008642\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493008642\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:e42862e9b690c50f90ef100febd3cd824ede39b40e793fc7dd4ad5b47cbd0e8b"\n      },\n      {\n         "blobSum": "sha256:9ad659e959cb78e379a5fe081649c7e7e4ab2611c655d1286690ddea746715e0"\n      },\n      {\n         "blobSum": "sha256:010ef3e2024c18e8205e01edaa8c49322b765395325bbfa91b56b554e35369a4"\n      },\n      {\n         "blobSum": "sha256:123bbdc2ccd99f047e075ec33d3fae4801a9b48e5993e00dc895a1917aa2a6cf"\n      }\n   ]\n}','\n',char(10)),NULL,92,NULL,1,NULL,1);
INSERT INTO manifest VALUES(5,3,'sha256:5215029f995d06b3c3e07efc2d46ac48d63e3054d1fd81b9955e425630533072',14,replace('{\n   "tag": "v2.0",\n   "name": "devtable/sharedtags",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef211795493009450\", \"Size\": 23, \"parent\": \"abcdef111795493009434\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef111795493009434\", \"Size\": 23, \"parent\": \"abcdef011795493009414\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493009414\", \"Size\": 23, \"parent\": \"abcdef101795493009402\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493009402\", \"Size\": 23, \"parent\": \"abcdef001795493009386\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493009386\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:30ba267066240de45b5a8e51e078163f44455fc55e7c9d0bbfac00ac58527280"\n      },\n      {\n         "blobSum": "sha256:e7768162ff87b35b6936cb38107bc6c0fce4128b3b5eab83320720cb73af4525"\n      },\n      {\n         "blobSum": "sha256:4e26d0d6e9949587072e0863c2f2936ba715af22d056b73f6670b4366b02adc9"\n      },\n      {\n         "blobSum": "sha256:ef2d1ccdc80932929df44443a748141f54edf88d6caef1e5d8330e0d4b395c80"\n      },\n      {\n         "blobSum": "sha256:8abac3f2127aaa494309ca900144181286991b965fe82a1516ae1d560b4a10e0"\n      }\n   ]\n}','\n',char(10)),NULL,115,NULL,1,NULL,1);
INSERT INTO manifest VALUES(6,3,'sha256:69096b4de990574770f49558b2db2372c4cf109f01ccae26a4cf69b9f88dc0ed',14,replace('{\n   "tag": "v2.1",\n   "name": "devtable/sharedtags",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef211795493009450\", \"Size\": 23, \"parent\": \"abcdef111795493009434\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef111795493009434\", \"Size\": 23, \"parent\": \"abcdef011795493009414\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493009414\", \"Size\": 23, \"parent\": \"abcdef101795493009402\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493009402\", \"Size\": 23, \"parent\": \"abcdef001795493009386\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493009386\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:30ba267066240de45b5a8e51e078163f44455fc55e7c9d0bbfac00ac58527280"\n      },\n      {\n         "blobSum": "sha256:e7768162ff87b35b6936cb38107bc6c0fce4128b3b5eab83320720cb73af4525"\n      },\n      {\n         "blobSum": "sha256:4e26d0d6e9949587072e0863c2f2936ba715af22d056b73f6670b4366b02adc9"\n      },\n      {\n         "blobSum": "sha256:ef2d1ccdc80932929df44443a748141f54edf88d6caef1e5d8330e0d4b395c80"\n      },\n      {\n         "blobSum": "sha256:8abac3f2127aaa494309ca900144181286991b965fe82a1516ae1d560b4a10e0"\n      }\n   ]\n}','\n',char(10)),NULL,115,NULL,1,NULL,1);
INSERT INTO manifest VALUES(7,3,'sha256:fd51b9d2f5d6663b0f3bd0f9ba8e596710758a983559372bfa9770c1e9442a57',14,replace('{\n   "tag": "v2.2",\n   "name": "devtable/sharedtags",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef211795493009450\", \"Size\": 23, \"parent\": \"abcdef111795493009434\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef111795493009434\", \"Size\": 23, \"parent\": \"abcdef011795493009414\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493009414\", \"Size\": 23, \"parent\": \"abcdef101795493009402\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493009402\", \"Size\": 23, \"parent\": \"abcdef001795493009386\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493009386\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:30ba267066240de45b5a8e51e078163f44455fc55e7c9d0bbfac00ac58527280"\n      },\n      {\n         "blobSum": "sha256:e7768162ff87b35b6936cb38107bc6c0fce4128b3b5eab83320720cb73af4525"\n      },\n      {\n         "blobSum": "sha256:4e26d0d6e9949587072e0863c2f2936ba715af22d056b73f6670b4366b02adc9"\n      },\n      {\n         "blobSum": "sha256:ef2d1ccdc80932929df44443a748141f54edf88d6caef1e5d8330e0d4b395c80"\n      },\n      {\n         "blobSum": "sha256:8abac3f2127aaa494309ca900144181286991b965fe82a1516ae1d560b4a10e0"\n      }\n   ]\n}','\n',char(10)),NULL,115,NULL,1,NULL,1);
INSERT INTO manifest VALUES(8,3,'sha256:8ca8cabd04753bd403a37b2f962ed6ca27641838c610db5c06405ea2332e0715',14,replace('{\n   "tag": "staging",\n   "name": "devtable/sharedtags",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef021795493009803\", \"Size\": 23, \"parent\": \"abcdef011795493009791\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493009791\", \"Size\": 23, \"parent\": \"abcdef101795493009402\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef211795493009450\", \"Size\": 23, \"parent\": \"abcdef111795493009434\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef111795493009434\", \"Size\": 23, \"parent\": \"abcdef011795493009414\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493009414\", \"Size\": 23, \"parent\": \"abcdef101795493009402\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493009402\", \"Size\": 23, \"parent\": \"abcdef001795493009386\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493009386\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:10d8681bbc46ec5eb904d1b717c68bbffb214c0e0b46bc4ee51b68c5d6b8ee6b"\n      },\n      {\n         "blobSum": "sha256:067db12c15548d52e5cb754537d619c116c827de8dbba096fdd88cf24a39637f"\n      },\n      {\n         "blobSum": "sha256:30ba267066240de45b5a8e51e078163f44455fc55e7c9d0bbfac00ac58527280"\n      },\n      {\n         "blobSum": "sha256:e7768162ff87b35b6936cb38107bc6c0fce4128b3b5eab83320720cb73af4525"\n      },\n      {\n         "blobSum": "sha256:4e26d0d6e9949587072e0863c2f2936ba715af22d056b73f6670b4366b02adc9"\n      },\n      {\n         "blobSum": "sha256:ef2d1ccdc80932929df44443a748141f54edf88d6caef1e5d8330e0d4b395c80"\n      },\n      {\n         "blobSum": "sha256:8abac3f2127aaa494309ca900144181286991b965fe82a1516ae1d560b4a10e0"\n      }\n   ]\n}','\n',char(10)),NULL,161,NULL,1,NULL,1);
INSERT INTO manifest VALUES(9,3,'sha256:4b0ea773723ec14e62e4d7277e331d5dfbcf4242eb142435b07edb10dc1d6e6c',14,replace('{\n   "tag": "8423b58",\n   "name": "devtable/sharedtags",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef021795493009803\", \"Size\": 23, \"parent\": \"abcdef011795493009791\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493009791\", \"Size\": 23, \"parent\": \"abcdef101795493009402\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef211795493009450\", \"Size\": 23, \"parent\": \"abcdef111795493009434\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef111795493009434\", \"Size\": 23, \"parent\": \"abcdef011795493009414\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493009414\", \"Size\": 23, \"parent\": \"abcdef101795493009402\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493009402\", \"Size\": 23, \"parent\": \"abcdef001795493009386\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493009386\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:10d8681bbc46ec5eb904d1b717c68bbffb214c0e0b46bc4ee51b68c5d6b8ee6b"\n      },\n      {\n         "blobSum": "sha256:067db12c15548d52e5cb754537d619c116c827de8dbba096fdd88cf24a39637f"\n      },\n      {\n         "blobSum": "sha256:30ba267066240de45b5a8e51e078163f44455fc55e7c9d0bbfac00ac58527280"\n      },\n      {\n         "blobSum": "sha256:e7768162ff87b35b6936cb38107bc6c0fce4128b3b5eab83320720cb73af4525"\n      },\n      {\n         "blobSum": "sha256:4e26d0d6e9949587072e0863c2f2936ba715af22d056b73f6670b4366b02adc9"\n      },\n      {\n         "blobSum": "sha256:ef2d1ccdc80932929df44443a748141f54edf88d6caef1e5d8330e0d4b395c80"\n      },\n      {\n         "blobSum": "sha256:8abac3f2127aaa494309ca900144181286991b965fe82a1516ae1d560b4a10e0"\n      }\n   ]\n}','\n',char(10)),NULL,161,NULL,1,NULL,1);
INSERT INTO manifest VALUES(10,3,'sha256:b3582cbe611fae938a1c1b2b2ed65f6a0425ac6c1ffa76e26e437c839a5fdc01',14,replace('{\n   "tag": "prod",\n   "name": "devtable/sharedtags",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef031795493010042\", \"Size\": 23, \"parent\": \"abcdef021795493009803\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef021795493009803\", \"Size\": 23, \"parent\": \"abcdef011795493009791\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493009791\", \"Size\": 23, \"parent\": \"abcdef101795493009402\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef211795493009450\", \"Size\": 23, \"parent\": \"abcdef111795493009434\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef111795493009434\", \"Size\": 23, \"parent\": \"abcdef011795493009414\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493009414\", \"Size\": 23, \"parent\": \"abcdef101795493009402\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493009402\", \"Size\": 23, \"parent\": \"abcdef001795493009386\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493009386\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:94d8aa3a3f4981f2f90be839d417d122ff07d6dc15124e66999b362d363f4c8d"\n      },\n      {\n         "blobSum": "sha256:10d8681bbc46ec5eb904d1b717c68bbffb214c0e0b46bc4ee51b68c5d6b8ee6b"\n      },\n      {\n         "blobSum": "sha256:067db12c15548d52e5cb754537d619c116c827de8dbba096fdd88cf24a39637f"\n      },\n      {\n         "blobSum": "sha256:30ba267066240de45b5a8e51e078163f44455fc55e7c9d0bbfac00ac58527280"\n      },\n      {\n         "blobSum": "sha256:e7768162ff87b35b6936cb38107bc6c0fce4128b3b5eab83320720cb73af4525"\n      },\n      {\n         "blobSum": "sha256:4e26d0d6e9949587072e0863c2f2936ba715af22d056b73f6670b4366b02adc9"\n      },\n      {\n         "blobSum": "sha256:ef2d1ccdc80932929df44443a748141f54edf88d6caef1e5d8330e0d4b395c80"\n      },\n      {\n         "blobSum": "sha256:8abac3f2127aaa494309ca900144181286991b965fe82a1516ae1d560b4a10e0"\n      }\n   ]\n}','\n',char(10)),NULL,184,NULL,1,NULL,1);
INSERT INTO manifest VALUES(11,3,'sha256:0729b1e2e545d10ccc9f88ff23fd072d99f7950373480a1af6adfd2df9a68b65',14,replace('{\n   "tag": "581a284",\n   "name": "devtable/sharedtags",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef031795493010042\", \"Size\": 23, \"parent\": \"abcdef021795493009803\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef021795493009803\", \"Size\": 23, \"parent\": \"abcdef011795493009791\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493009791\", \"Size\": 23, \"parent\": \"abcdef101795493009402\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef211795493009450\", \"Size\": 23, \"parent\": \"abcdef111795493009434\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef111795493009434\", \"Size\": 23, \"parent\": \"abcdef011795493009414\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493009414\", \"Size\": 23, \"parent\": \"abcdef101795493009402\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493009402\", \"Size\": 23, \"parent\": \"abcdef001795493009386\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493009386\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:94d8aa3a3f4981f2f90be839d417d122ff07d6dc15124e66999b362d363f4c8d"\n      },\n      {\n         "blobSum": "sha256:10d8681bbc46ec5eb904d1b717c68bbffb214c0e0b46bc4ee51b68c5d6b8ee6b"\n      },\n      {\n         "blobSum": "sha256:067db12c15548d52e5cb754537d619c116c827de8dbba096fdd88cf24a39637f"\n      },\n      {\n         "blobSum": "sha256:30ba267066240de45b5a8e51e078163f44455fc55e7c9d0bbfac00ac58527280"\n      },\n      {\n         "blobSum": "sha256:e7768162ff87b35b6936cb38107bc6c0fce4128b3b5eab83320720cb73af4525"\n      },\n      {\n         "blobSum": "sha256:4e26d0d6e9949587072e0863c2f2936ba715af22d056b73f6670b4366b02adc9"\n      },\n      {\n         "blobSum": "sha256:ef2d1ccdc80932929df44443a748141f54edf88d6caef1e5d8330e0d4b395c80"\n      },\n      {\n         "blobSum": "sha256:8abac3f2127aaa494309ca900144181286991b965fe82a1516ae1d560b4a10e0"\n      }\n   ]\n}','\n',char(10)),NULL,184,NULL,1,NULL,1);
INSERT INTO manifest VALUES(12,4,'sha256:5dbf4627583bb979b1000e3a72819bcbb67889e0669da26c8f8b76d65073a09b',14,replace('{\n   "tag": "latest",\n   "name": "devtable/history",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef111795493010555\", \"Size\": 23, \"parent\": \"abcdef011795493010533\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493010533\", \"Size\": 23, \"parent\": \"abcdef301795493010518\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef301795493010518\", \"Size\": 23, \"parent\": \"abcdef201795493010503\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef201795493010503\", \"Size\": 23, \"parent\": \"abcdef101795493010482\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493010482\", \"Size\": 23, \"parent\": \"abcdef001795493010467\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493010467\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:ac84bbb39654faa13f7f2798adfae748aaab00e2b8b0e528f32312198fa66037"\n      },\n      {\n         "blobSum": "sha256:6254eac54f5d30277b724688c8c1588b79071b233441c6c00eafc137543eb1a4"\n      },\n      {\n         "blobSum": "sha256:be6d6030bba6be1f01fbfb5602f4f93871f4f7c274dc841a50403cdb9856d42b"\n      },\n      {\n         "blobSum": "sha256:e3a234046175410a27f7b15017052e32821e73bc8848705b3c59cfadc5e2a647"\n      },\n      {\n         "blobSum": "sha256:9c4f9e0b8a0437338725f45fa60c7a06043cf950d794bd58dd711b9c8c29d010"\n      },\n      {\n         "blobSum": "sha256:cdb28f744aa3bb124deaa3bd1b81f498dbeac8060be0a5c8311f9a4fdaa5da86"\n      }\n   ]\n}','\n',char(10)),NULL,138,NULL,1,NULL,1);
INSERT INTO manifest VALUES(13,4,'sha256:38b417d9673f5e38d607753c5049e315af55c87a348c5c00d471941075b888b2',14,replace('{\n   "tag": "latest",\n   "name": "devtable/history",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef211795493010830\", \"Size\": 23, \"parent\": \"abcdef111795493010810\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef111795493010810\", \"Size\": 23, \"parent\": \"abcdef011795493010798\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493010798\", \"Size\": 23, \"parent\": \"abcdef301795493010518\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef111795493010555\", \"Size\": 23, \"parent\": \"abcdef011795493010533\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493010533\", \"Size\": 23, \"parent\": \"abcdef301795493010518\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef301795493010518\", \"Size\": 23, \"parent\": \"abcdef201795493010503\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef201795493010503\", \"Size\": 23, \"parent\": \"abcdef101795493010482\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493010482\", \"Size\": 23, \"parent\": \"abcdef001795493010467\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493010467\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:5b4658ce5a8faea1cf1efe14edfa747e30966bd1f20919b24ad0c26c969cc564"\n      },\n      {\n         "blobSum": "sha256:24c648f61389ceeef60e44dcf3dce40f62d47b7bb579acc6e440e6bbc2022070"\n      },\n      {\n         "blobSum": "sha256:aa29ae3400b6900de07c09e2d1231d2e111f38eea80f0f005de388cc51b4a649"\n      },\n      {\n         "blobSum": "sha256:ac84bbb39654faa13f7f2798adfae748aaab00e2b8b0e528f32312198fa66037"\n      },\n      {\n         "blobSum": "sha256:6254eac54f5d30277b724688c8c1588b79071b233441c6c00eafc137543eb1a4"\n      },\n      {\n         "blobSum": "sha256:be6d6030bba6be1f01fbfb5602f4f93871f4f7c274dc841a50403cdb9856d42b"\n      },\n      {\n         "blobSum": "sha256:e3a234046175410a27f7b15017052e32821e73bc8848705b3c59cfadc5e2a647"\n      },\n      {\n         "blobSum": "sha256:9c4f9e0b8a0437338725f45fa60c7a06043cf950d794bd58dd711b9c8c29d010"\n      },\n      {\n         "blobSum": "sha256:cdb28f744aa3bb124deaa3bd1b81f498dbeac8060be0a5c8311f9a4fdaa5da86"\n      }\n   ]\n}','\n',char(10)),NULL,207,NULL,1,NULL,1);
INSERT INTO manifest VALUES(14,5,'sha256:4d5fd1345d12477e203a1061658f6ba40cf9fa403f3136ffcf1e613572d07361',14,replace('{\n   "tag": "v2.0",\n   "name": "devtable/complex",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef211795493011063\", \"Size\": 23, \"parent\": \"abcdef111795493011050\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef111795493011050\", \"Size\": 23, \"parent\": \"abcdef011795493011040\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493011040\", \"Size\": 23, \"parent\": \"abcdef101795493011028\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493011028\", \"Size\": 23, \"parent\": \"abcdef001795493011022\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493011022\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:14b2bd9a0f019f01a4d53900cf271d0d6d881b5fe0a3251a193cd19453026d1e"\n      },\n      {\n         "blobSum": "sha256:10dac35a511f1a45ea76de30628b16e50aaa81e1965453355b98eb6a7c5f813b"\n      },\n      {\n         "blobSum": "sha256:5fd38c1dce69ef36247c68f3666d423a23958426d7bd1e73948086218937865b"\n      },\n      {\n         "blobSum": "sha256:ef38770794628c4817fb1bb8578b049b141dfd94c344b916a457659f9e49af38"\n      },\n      {\n         "blobSum": "sha256:9c272652c079ef7c59b78de1937c813cb21b23272759fd55623a3d2e53d2685a"\n      }\n   ]\n}','\n',char(10)),NULL,115,NULL,1,NULL,1);
INSERT INTO manifest VALUES(15,5,'sha256:61ff2053b48aac272bd78da9d81ae40951cf59c36f8e3481cca129924eb34d73',14,replace('{\n   "tag": "staging",\n   "name": "devtable/complex",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef021795493011222\", \"Size\": 23, \"parent\": \"abcdef011795493011204\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493011204\", \"Size\": 23, \"parent\": \"abcdef101795493011028\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef211795493011063\", \"Size\": 23, \"parent\": \"abcdef111795493011050\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef111795493011050\", \"Size\": 23, \"parent\": \"abcdef011795493011040\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493011040\", \"Size\": 23, \"parent\": \"abcdef101795493011028\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493011028\", \"Size\": 23, \"parent\": \"abcdef001795493011022\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493011022\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:70e111b4efb5fb351ce78fed4006b73816f88d9df427126d1244d3b4eaa2609f"\n      },\n      {\n         "blobSum": "sha256:053aec26271131fc80aad9c7597f217efce495cf68c52a30512a042e5726926e"\n      },\n      {\n         "blobSum": "sha256:14b2bd9a0f019f01a4d53900cf271d0d6d881b5fe0a3251a193cd19453026d1e"\n      },\n      {\n         "blobSum": "sha256:10dac35a511f1a45ea76de30628b16e50aaa81e1965453355b98eb6a7c5f813b"\n      },\n      {\n         "blobSum": "sha256:5fd38c1dce69ef36247c68f3666d423a23958426d7bd1e73948086218937865b"\n      },\n      {\n         "blobSum": "sha256:ef38770794628c4817fb1bb8578b049b141dfd94c344b916a457659f9e49af38"\n      },\n      {\n         "blobSum": "sha256:9c272652c079ef7c59b78de1937c813cb21b23272759fd55623a3d2e53d2685a"\n      }\n   ]\n}','\n',char(10)),NULL,161,NULL,1,NULL,1);
INSERT INTO manifest VALUES(16,5,'sha256:807263f56733717535c38a7ef165286395169baa40e27a762681a616cc94341e',14,replace('{\n   "tag": "prod",\n   "name": "devtable/complex",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef131795493011414\", \"Size\": 23, \"parent\": \"abcdef031795493011394\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef031795493011394\", \"Size\": 23, \"parent\": \"abcdef021795493011222\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef021795493011222\", \"Size\": 23, \"parent\": \"abcdef011795493011204\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493011204\", \"Size\": 23, \"parent\": \"abcdef101795493011028\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef211795493011063\", \"Size\": 23, \"parent\": \"abcdef111795493011050\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef111795493011050\", \"Size\": 23, \"parent\": \"abcdef011795493011040\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493011040\", \"Size\": 23, \"parent\": \"abcdef101795493011028\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493011028\", \"Size\": 23, \"parent\": \"abcdef001795493011022\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493011022\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:9b1727c99b2391cba2027fa8802d471a140b051186d2cc29461adccc73288d84"\n      },\n      {\n         "blobSum": "sha256:141685fa7173ba1c559455c73f987f704cafeab7787585767d256db361708355"\n      },\n      {\n         "blobSum": "sha256:70e111b4efb5fb351ce78fed4006b73816f88d9df427126d1244d3b4eaa2609f"\n      },\n      {\n         "blobSum": "sha256:053aec26271131fc80aad9c7597f217efce495cf68c52a30512a042e5726926e"\n      },\n      {\n         "blobSum": "sha256:14b2bd9a0f019f01a4d53900cf271d0d6d881b5fe0a3251a193cd19453026d1e"\n      },\n      {\n         "blobSum": "sha256:10dac35a511f1a45ea76de30628b16e50aaa81e1965453355b98eb6a7c5f813b"\n      },\n      {\n         "blobSum": "sha256:5fd38c1dce69ef36247c68f3666d423a23958426d7bd1e73948086218937865b"\n      },\n      {\n         "blobSum": "sha256:ef38770794628c4817fb1bb8578b049b141dfd94c344b916a457659f9e49af38"\n      },\n      {\n         "blobSum": "sha256:9c272652c079ef7c59b78de1937c813cb21b23272759fd55623a3d2e53d2685a"\n      }\n   ]\n}','\n',char(10)),NULL,207,NULL,1,NULL,1);
INSERT INTO manifest VALUES(17,6,'sha256:8cc6d3eaceb0093b667e62b554812d9f7bd3127b2799b5954c831559736f0e93',14,replace('{\n   "tag": "v2.0",\n   "name": "devtable/gargantuan",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef211795493011738\", \"Size\": 23, \"parent\": \"abcdef111795493011723\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef111795493011723\", \"Size\": 23, \"parent\": \"abcdef011795493011698\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493011698\", \"Size\": 23, \"parent\": \"abcdef101795493011678\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493011678\", \"Size\": 23, \"parent\": \"abcdef001795493011667\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493011667\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:9cb11af0832631a51e4352147fb05e08240b137d748dc6909d08b0ec962197fd"\n      },\n      {\n         "blobSum": "sha256:5d32c95aab0ec3308e5ea84a440070c8ee73f12c6f4359cb34c058b120ab9794"\n      },\n      {\n         "blobSum": "sha256:fd3b5f9678e12eaeb3ddb8010cab8efd93b19ffaf53775a5184fd8fde753be3e"\n      },\n      {\n         "blobSum": "sha256:d2a9be7911d9d25b7a24999229213951e256c1352e74eb17653f3c4b095a5179"\n      },\n      {\n         "blobSum": "sha256:c0866466a592b24c8c7378bb19e0f6d20cff5a52726fc8f3ce43818d1df9bd31"\n      }\n   ]\n}','\n',char(10)),NULL,115,NULL,1,NULL,1);
INSERT INTO manifest VALUES(18,6,'sha256:0b15b6708f54e7c9a14e7fc79ab2418665bbb73c337a027cf23d45290eb54f73',14,replace('{\n   "tag": "staging",\n   "name": "devtable/gargantuan",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef021795493011906\", \"Size\": 23, \"parent\": \"abcdef011795493011890\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493011890\", \"Size\": 23, \"parent\": \"abcdef101795493011678\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef211795493011738\", \"Size\": 23, \"parent\": \"abcdef111795493011723\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef111795493011723\", \"Size\": 23, \"parent\": \"abcdef011795493011698\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493011698\", \"Size\": 23, \"parent\": \"abcdef101795493011678\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493011678\", \"Size\": 23, \"parent\": \"abcdef001795493011667\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493011667\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:48ef3618a9609ce532ae97f150ff0423bdbe69786435d2eb9f9a5018cab0bbf2"\n      },\n      {\n         "blobSum": "sha256:d5f8dea91b9f360f7d32c8c1e2bb5e60a3e395fc8e489706573b76dfd803ed6a"\n      },\n      {\n         "blobSum": "sha256:9cb11af0832631a51e4352147fb05e08240b137d748dc6909d08b0ec962197fd"\n      },\n      {\n         "blobSum": "sha256:5d32c95aab0ec3308e5ea84a440070c8ee73f12c6f4359cb34c058b120ab9794"\n      },\n      {\n         "blobSum": "sha256:fd3b5f9678e12eaeb3ddb8010cab8efd93b19ffaf53775a5184fd8fde753be3e"\n      },\n      {\n         "blobSum": "sha256:d2a9be7911d9d25b7a24999229213951e256c1352e74eb17653f3c4b095a5179"\n      },\n      {\n         "blobSum": "sha256:c0866466a592b24c8c7378bb19e0f6d20cff5a52726fc8f3ce43818d1df9bd31"\n      }\n   ]\n}','\n',char(10)),NULL,161,NULL,1,NULL,1);
INSERT INTO manifest VALUES(19,6,'sha256:3eed92e82240c4a9a86a5cc9c2983e55d42f3800292b190a40a6b83831c9e776',14,replace('{\n   "tag": "latest",\n   "name": "devtable/gargantuan",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef031795493012078\", \"Size\": 23, \"parent\": \"abcdef021795493011906\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef021795493011906\", \"Size\": 23, \"parent\": \"abcdef011795493011890\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493011890\", \"Size\": 23, \"parent\": \"abcdef101795493011678\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef211795493011738\", \"Size\": 23, \"parent\": \"abcdef111795493011723\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef111795493011723\", \"Size\": 23, \"parent\": \"abcdef011795493011698\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493011698\", \"Size\": 23, \"parent\": \"abcdef101795493011678\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493011678\", \"Size\": 23, \"parent\": \"abcdef001795493011667\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493011667\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:b9bfab939f27710cdbebb1b0520e07ad52617fde0fee19ef9b8942e9ee8cd9b9"\n      },\n      {\n         "blobSum": "sha256:48ef3618a9609ce532ae97f150ff0423bdbe69786435d2eb9f9a5018cab0bbf2"\n      },\n      {\n         "blobSum": "sha256:d5f8dea91b9f360f7d32c8c1e2bb5e60a3e395fc8e489706573b76dfd803ed6a"\n      },\n      {\n         "blobSum": "sha256:9cb11af0832631a51e4352147fb05e08240b137d748dc6909d08b0ec962197fd"\n      },\n      {\n         "blobSum": "sha256:5d32c95aab0ec3308e5ea84a440070c8ee73f12c6f4359cb34c058b120ab9794"\n      },\n      {\n         "blobSum": "sha256:fd3b5f9678e12eaeb3ddb8010cab8efd93b19ffaf53775a5184fd8fde753be3e"\n      },\n      {\n         "blobSum": "sha256:d2a9be7911d9d25b7a24999229213951e256c1352e74eb17653f3c4b095a5179"\n      },\n      {\n         "blobSum": "sha256:c0866466a592b24c8c7378bb19e0f6d20cff5a52726fc8f3ce43818d1df9bd31"\n      }\n   ]\n}','\n',char(10)),NULL,184,NULL,1,NULL,1);
INSERT INTO manifest VALUES(20,6,'sha256:2ce42ad54bc43d0a8e0e82995fd5c713e39344332a44261029a1bbff8a35acda',14,replace('{\n   "tag": "prod",\n   "name": "devtable/gargantuan",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef031795493012078\", \"Size\": 23, \"parent\": \"abcdef021795493011906\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef021795493011906\", \"Size\": 23, \"parent\": \"abcdef011795493011890\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493011890\", \"Size\": 23, \"parent\": \"abcdef101795493011678\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef211795493011738\", \"Size\": 23, \"parent\": \"abcdef111795493011723\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef111795493011723\", \"Size\": 23, \"parent\": \"abcdef011795493011698\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493011698\", \"Size\": 23, \"parent\": \"abcdef101795493011678\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493011678\", \"Size\": 23, \"parent\": \"abcdef001795493011667\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493011667\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:b9bfab939f27710cdbebb1b0520e07ad52617fde0fee19ef9b8942e9ee8cd9b9"\n      },\n      {\n         "blobSum": "sha256:48ef3618a9609ce532ae97f150ff0423bdbe69786435d2eb9f9a5018cab0bbf2"\n      },\n      {\n         "blobSum": "sha256:d5f8dea91b9f360f7d32c8c1e2bb5e60a3e395fc8e489706573b76dfd803ed6a"\n      },\n      {\n         "blobSum": "sha256:9cb11af0832631a51e4352147fb05e08240b137d748dc6909d08b0ec962197fd"\n      },\n      {\n         "blobSum": "sha256:5d32c95aab0ec3308e5ea84a440070c8ee73f12c6f4359cb34c058b120ab9794"\n      },\n      {\n         "blobSum": "sha256:fd3b5f9678e12eaeb3ddb8010cab8efd93b19ffaf53775a5184fd8fde753be3e"\n      },\n      {\n         "blobSum": "sha256:d2a9be7911d9d25b7a24999229213951e256c1352e74eb17653f3c4b095a5179"\n      },\n      {\n         "blobSum": "sha256:c0866466a592b24c8c7378bb19e0f6d20cff5a52726fc8f3ce43818d1df9bd31"\n      }\n   ]\n}','\n',char(10)),NULL,184,NULL,1,NULL,1);
INSERT INTO manifest VALUES(21,6,'sha256:b5efb6602e37d82c23003c5807f4c39473033eea51f567e1546b843da0e18549',14,replace('{\n   "tag": "v3.0",\n   "name": "devtable/gargantuan",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1911795493012958\", \"Size\": 24, \"parent\": \"abcdef1811795493012947\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1811795493012947\", \"Size\": 24, \"parent\": \"abcdef1711795493012928\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1711795493012928\", \"Size\": 24, \"parent\": \"abcdef1611795493012908\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1611795493012908\", \"Size\": 24, \"parent\": \"abcdef1511795493012888\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1511795493012888\", \"Size\": 24, \"parent\": \"abcdef1411795493012878\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1411795493012878\", \"Size\": 24, \"parent\": \"abcdef1311795493012859\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1311795493012859\", \"Size\": 24, \"parent\": \"abcdef1211795493012842\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1211795493012842\", \"Size\": 24, \"parent\": \"abcdef1111795493012826\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1111795493012826\", \"Size\": 24, \"parent\": \"abcdef1011795493012799\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1011795493012799\", \"Size\": 24, \"parent\": \"abcdef911795493012786\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef911795493012786\", \"Size\": 23, \"parent\": \"abcdef811795493012758\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef811795493012758\", \"Size\": 23, \"parent\": \"abcdef711795493012743\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef711795493012743\", \"Size\": 23, \"parent\": \"abcdef611795493012726\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef611795493012726\", \"Size\": 23, \"parent\": \"abcdef511795493012706\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef511795493012706\", \"Size\": 23, \"parent\": \"abcdef411795493012686\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef411795493012686\", \"Size\": 23, \"parent\": \"abcdef311795493012658\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef311795493012658\", \"Size\": 23, \"parent\": \"abcdef211795493012642\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef211795493012642\", \"Size\": 23, \"parent\": \"abcdef111795493012610\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef111795493012610\", \"Size\": 23, \"parent\": \"abcdef011795493012575\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493012575\", \"Size\": 23, \"parent\": \"abcdef101795493011678\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef021795493012548\", \"Size\": 23, \"parent\": \"abcdef011795493011890\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef031795493012078\", \"Size\": 23, \"parent\": \"abcdef021795493011906\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef021795493011906\", \"Size\": 23, \"parent\": \"abcdef011795493011890\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493011890\", \"Size\": 23, \"parent\": \"abcdef101795493011678\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef211795493011738\", \"Size\": 23, \"parent\": \"abcdef111795493011723\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef111795493011723\", \"Size\": 23, \"parent\": \"abcdef011795493011698\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493011698\", \"Size\": 23, \"parent\": \"abcdef101795493011678\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493011678\", \"Size\": 23, \"parent\": \"abcdef001795493011667\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493011667\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:349cc08d2982ba9d3d4e10ac1a9ce0b9f23cfee849dd54325d654d14cbfdba6d"\n      },\n      {\n         "blobSum": "sha256:45f53b573c22e156cda135ec0d40b8c30dd2249197417001792b086be73113d1"\n      },\n      {\n         "blobSum": "sha256:2d0aad1de16409b518ed698401cc846a7ec9a961c869798fb8220c4deeacdcc0"\n      },\n      {\n         "blobSum": "sha256:69bce2a74125948b99d89ddbbfaa9ede8f545403b20cd79fb12f388f8cb95d85"\n      },\n      {\n         "blobSum": "sha256:54f0cb36747d027396ea85a74b0167e60edd15d0d49a91d3497983de8bfcfbe9"\n      },\n      {\n         "blobSum": "sha256:018397fb31a54233309e48753bc36e5f2f4435a491c633e540255e954e7c5cd5"\n      },\n      {\n         "blobSum": "sha256:ef2b20c0e8f501d46e3c148be04ad8f4e4aa5e4c9213ebe6f54dd4733f6165f1"\n      },\n      {\n         "blobSum": "sha256:a8519cfe7e7cb266656d7e5a0edee89e5133de5149a4c923a99a1e32e5eceabe"\n      },\n      {\n         "blobSum": "sha256:996054fb14a9ab43483cd73b88ea6f07097517f3f88a4a9886d2e1251d804fbf"\n      },\n      {\n         "blobSum": "sha256:1543fa2c9be19473eed770e4d563e3a4089dda81f81ccb1892501d8b16a31d99"\n      },\n      {\n         "blobSum": "sha256:ce8fbf4b8dbee178a69d2a8c33b2972e7095551f84767226e5eed1de23c58d81"\n      },\n      {\n         "blobSum": "sha256:0ee2fd3b23e30e3b50af8e28e999705a9319726985b004f0b31ab15a65f152cb"\n      },\n      {\n         "blobSum": "sha256:3c2377c7015c5775bea19fa859627f0ca59f7f6732f7109b41a948c0d17e7894"\n      },\n      {\n         "blobSum": "sha256:25de38b870b1dd488f8559da61ac4a5f1c4cbf55a5fc94b1528c8ffed6249b12"\n      },\n      {\n         "blobSum": "sha256:e743b13ac594377c2eec17baf96d86ce75ac8469cc1b4b235cd4839d8e18f223"\n      },\n      {\n         "blobSum": "sha256:4a40af93b825d6d1d56d8915198da875ce51e8ff62c579b3a6362d6d8a3b97d1"\n      },\n      {\n         "blobSum": "sha256:7c0f89a97fbc9e67bfcac53a112196de0ac27583904d57422cce8b6a1b85d351"\n      },\n      {\n         "blobSum": "sha256:51f8545f5ef4900f81b798b2e1a2f839f6d175a141e7fb7469e35a34ff516a8b"\n      },\n      {\n         "blobSum": "sha256:10fc84a8cc718567189db5e7aa16f18b2fae8453447aab450a115692be091ba1"\n      },\n      {\n         "blobSum": "sha256:f80a2dac06ee74613a0c74518f86839595448b5f36eef71affa7fb10733e5f49"\n      },\n      {\n         "blobSum": "sha256:bca3c1bef96d6e64bcc6cbef77c62c3655acef440d0b9e345c16637c1472222a"\n      },\n      {\n         "blobSum": "sha256:b9bfab939f27710cdbebb1b0520e07ad52617fde0fee19ef9b8942e9ee8cd9b9"\n      },\n      {\n         "blobSum": "sha256:48ef3618a9609ce532ae97f150ff0423bdbe69786435d2eb9f9a5018cab0bbf2"\n      },\n      {\n         "blobSum": "sha256:d5f8dea91b9f360f7d32c8c1e2bb5e60a3e395fc8e489706573b76dfd803ed6a"\n      },\n      {\n         "blobSum": "sha256:9cb11af0832631a51e4352147fb05e08240b137d748dc6909d08b0ec962197fd"\n      },\n      {\n         "blobSum": "sha256:5d32c95aab0ec3308e5ea84a440070c8ee73f12c6f4359cb34c058b120ab9794"\n      },\n      {\n         "blobSum": "sha256:fd3b5f9678e12eaeb3ddb8010cab8efd93b19ffaf53775a5184fd8fde753be3e"\n      },\n      {\n         "blobSum": "sha256:d2a9be7911d9d25b7a24999229213951e256c1352e74eb17653f3c4b095a5179"\n      },\n      {\n         "blobSum": "sha256:c0866466a592b24c8c7378bb19e0f6d20cff5a52726fc8f3ce43818d1df9bd31"\n      }\n   ]\n}','\n',char(10)),NULL,677,NULL,1,NULL,1);
INSERT INTO manifest VALUES(22,6,'sha256:c2fa403a4bef4ffdea498ca5504df40c268c342ff51dca779883052a25048b3a',14,replace('{\n   "tag": "v4.0",\n   "name": "devtable/gargantuan",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef411795493013346\", \"Size\": 23, \"parent\": \"abcdef311795493013319\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef311795493013319\", \"Size\": 23, \"parent\": \"abcdef211795493013294\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef211795493013294\", \"Size\": 23, \"parent\": \"abcdef111795493013271\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef111795493013271\", \"Size\": 23, \"parent\": \"abcdef011795493013260\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493013260\", \"Size\": 23, \"parent\": \"abcdef101795493011678\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1911795493012958\", \"Size\": 24, \"parent\": \"abcdef1811795493012947\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1811795493012947\", \"Size\": 24, \"parent\": \"abcdef1711795493012928\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1711795493012928\", \"Size\": 24, \"parent\": \"abcdef1611795493012908\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1611795493012908\", \"Size\": 24, \"parent\": \"abcdef1511795493012888\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1511795493012888\", \"Size\": 24, \"parent\": \"abcdef1411795493012878\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1411795493012878\", \"Size\": 24, \"parent\": \"abcdef1311795493012859\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1311795493012859\", \"Size\": 24, \"parent\": \"abcdef1211795493012842\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1211795493012842\", \"Size\": 24, \"parent\": \"abcdef1111795493012826\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1111795493012826\", \"Size\": 24, \"parent\": \"abcdef1011795493012799\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1011795493012799\", \"Size\": 24, \"parent\": \"abcdef911795493012786\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef911795493012786\", \"Size\": 23, \"parent\": \"abcdef811795493012758\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef811795493012758\", \"Size\": 23, \"parent\": \"abcdef711795493012743\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef711795493012743\", \"Size\": 23, \"parent\": \"abcdef611795493012726\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef611795493012726\", \"Size\": 23, \"parent\": \"abcdef511795493012706\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef511795493012706\", \"Size\": 23, \"parent\": \"abcdef411795493012686\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef411795493012686\", \"Size\": 23, \"parent\": \"abcdef311795493012658\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef311795493012658\", \"Size\": 23, \"parent\": \"abcdef211795493012642\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef211795493012642\", \"Size\": 23, \"parent\": \"abcdef111795493012610\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef111795493012610\", \"Size\": 23, \"parent\": \"abcdef011795493012575\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493012575\", \"Size\": 23, \"parent\": \"abcdef101795493011678\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef021795493012548\", \"Size\": 23, \"parent\": \"abcdef011795493011890\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef031795493012078\", \"Size\": 23, \"parent\": \"abcdef021795493011906\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef021795493011906\", \"Size\": 23, \"parent\": \"abcdef011795493011890\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493011890\", \"Size\": 23, \"parent\": \"abcdef101795493011678\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef211795493011738\", \"Size\": 23, \"parent\": \"abcdef111795493011723\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef111795493011723\", \"Size\": 23, \"parent\": \"abcdef011795493011698\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493011698\", \"Size\": 23, \"parent\": \"abcdef101795493011678\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493011678\", \"Size\": 23, \"parent\": \"abcdef001795493011667\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493011667\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:a1e6a66d2ab379c102a48a0950a98ecde4425268351568b710bcbba17eb40906"\n      },\n      {\n         "blobSum": "sha256:6a3843c0e034b3a8bb14725001ae2bbd96d757ae0ac80bfedbb9f59d770f37cf"\n      },\n      {\n         "blobSum": "sha256:5beef891462bb91ee9a6cf4accb0127c75276f7cd072873fb7046f8e10de202c"\n      },\n      {\n         "blobSum": "sha256:844785bfc25398084a2569ff0ff5498ff2c68aeb47d55ba7111ea8db5c1e9235"\n      },\n      {\n         "blobSum": "sha256:cedfd519489a3ae412a9969c19ad6c0d5145dbb78cafbbe8b49809c5b0b3c311"\n      },\n      {\n         "blobSum": "sha256:349cc08d2982ba9d3d4e10ac1a9ce0b9f23cfee849dd54325d654d14cbfdba6d"\n      },\n      {\n         "blobSum": "sha256:45f53b573c22e156cda135ec0d40b8c30dd2249197417001792b086be73113d1"\n      },\n      {\n         "blobSum": "sha256:2d0aad1de16409b518ed698401cc846a7ec9a961c869798fb8220c4deeacdcc0"\n      },\n      {\n         "blobSum": "sha256:69bce2a74125948b99d89ddbbfaa9ede8f545403b20cd79fb12f388f8cb95d85"\n      },\n      {\n         "blobSum": "sha256:54f0cb36747d027396ea85a74b0167e60edd15d0d49a91d3497983de8bfcfbe9"\n      },\n      {\n         "blobSum": "sha256:018397fb31a54233309e48753bc36e5f2f4435a491c633e540255e954e7c5cd5"\n      },\n      {\n         "blobSum": "sha256:ef2b20c0e8f501d46e3c148be04ad8f4e4aa5e4c9213ebe6f54dd4733f6165f1"\n      },\n      {\n         "blobSum": "sha256:a8519cfe7e7cb266656d7e5a0edee89e5133de5149a4c923a99a1e32e5eceabe"\n      },\n      {\n         "blobSum": "sha256:996054fb14a9ab43483cd73b88ea6f07097517f3f88a4a9886d2e1251d804fbf"\n      },\n      {\n         "blobSum": "sha256:1543fa2c9be19473eed770e4d563e3a4089dda81f81ccb1892501d8b16a31d99"\n      },\n      {\n         "blobSum": "sha256:ce8fbf4b8dbee178a69d2a8c33b2972e7095551f84767226e5eed1de23c58d81"\n      },\n      {\n         "blobSum": "sha256:0ee2fd3b23e30e3b50af8e28e999705a9319726985b004f0b31ab15a65f152cb"\n      },\n      {\n         "blobSum": "sha256:3c2377c7015c5775bea19fa859627f0ca59f7f6732f7109b41a948c0d17e7894"\n      },\n      {\n         "blobSum": "sha256:25de38b870b1dd488f8559da61ac4a5f1c4cbf55a5fc94b1528c8ffed6249b12"\n      },\n      {\n         "blobSum": "sha256:e743b13ac594377c2eec17baf96d86ce75ac8469cc1b4b235cd4839d8e18f223"\n      },\n      {\n         "blobSum": "sha256:4a40af93b825d6d1d56d8915198da875ce51e8ff62c579b3a6362d6d8a3b97d1"\n      },\n      {\n         "blobSum": "sha256:7c0f89a97fbc9e67bfcac53a112196de0ac27583904d57422cce8b6a1b85d351"\n      },\n      {\n         "blobSum": "sha256:51f8545f5ef4900f81b798b2e1a2f839f6d175a141e7fb7469e35a34ff516a8b"\n      },\n      {\n         "blobSum": "sha256:10fc84a8cc718567189db5e7aa16f18b2fae8453447aab450a115692be091ba1"\n      },\n      {\n         "blobSum": "sha256:f80a2dac06ee74613a0c74518f86839595448b5f36eef71affa7fb10733e5f49"\n      },\n      {\n         "blobSum": "sha256:bca3c1bef96d6e64bcc6cbef77c62c3655acef440d0b9e345c16637c1472222a"\n      },\n      {\n         "blobSum": "sha256:b9bfab939f27710cdbebb1b0520e07ad52617fde0fee19ef9b8942e9ee8cd9b9"\n      },\n      {\n         "blobSum": "sha256:48ef3618a9609ce532ae97f150ff0423bdbe69786435d2eb9f9a5018cab0bbf2"\n      },\n      {\n         "blobSum": "sha256:d5f8dea91b9f360f7d32c8c1e2bb5e60a3e395fc8e489706573b76dfd803ed6a"\n      },\n      {\n         "blobSum": "sha256:9cb11af0832631a51e4352147fb05e08240b137d748dc6909d08b0ec962197fd"\n      },\n      {\n         "blobSum": "sha256:5d32c95aab0ec3308e5ea84a440070c8ee73f12c6f4359cb34c058b120ab9794"\n      },\n      {\n         "blobSum": "sha256:fd3b5f9678e12eaeb3ddb8010cab8efd93b19ffaf53775a5184fd8fde753be3e"\n      },\n      {\n         "blobSum": "sha256:d2a9be7911d9d25b7a24999229213951e256c1352e74eb17653f3c4b095a5179"\n      },\n      {\n         "blobSum": "sha256:c0866466a592b24c8c7378bb19e0f6d20cff5a52726fc8f3ce43818d1df9bd31"\n      }\n   ]\n}','\n',char(10)),NULL,792,NULL,1,NULL,1);
INSERT INTO manifest VALUES(23,6,'sha256:139f1be50523a81b7f330d189c74c04b87bd23b8ee369a7a0921fc7b2ca65ff3',14,replace('{\n   "tag": "v5.0",\n   "name": "devtable/gargantuan",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef021795493013646\", \"Size\": 23, \"parent\": \"abcdef011795493013631\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493013631\", \"Size\": 23, \"parent\": \"abcdef101795493011678\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef411795493013346\", \"Size\": 23, \"parent\": \"abcdef311795493013319\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef311795493013319\", \"Size\": 23, \"parent\": \"abcdef211795493013294\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef211795493013294\", \"Size\": 23, \"parent\": \"abcdef111795493013271\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef111795493013271\", \"Size\": 23, \"parent\": \"abcdef011795493013260\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493013260\", \"Size\": 23, \"parent\": \"abcdef101795493011678\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1911795493012958\", \"Size\": 24, \"parent\": \"abcdef1811795493012947\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1811795493012947\", \"Size\": 24, \"parent\": \"abcdef1711795493012928\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1711795493012928\", \"Size\": 24, \"parent\": \"abcdef1611795493012908\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1611795493012908\", \"Size\": 24, \"parent\": \"abcdef1511795493012888\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1511795493012888\", \"Size\": 24, \"parent\": \"abcdef1411795493012878\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1411795493012878\", \"Size\": 24, \"parent\": \"abcdef1311795493012859\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1311795493012859\", \"Size\": 24, \"parent\": \"abcdef1211795493012842\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1211795493012842\", \"Size\": 24, \"parent\": \"abcdef1111795493012826\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1111795493012826\", \"Size\": 24, \"parent\": \"abcdef1011795493012799\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1011795493012799\", \"Size\": 24, \"parent\": \"abcdef911795493012786\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef911795493012786\", \"Size\": 23, \"parent\": \"abcdef811795493012758\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef811795493012758\", \"Size\": 23, \"parent\": \"abcdef711795493012743\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef711795493012743\", \"Size\": 23, \"parent\": \"abcdef611795493012726\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef611795493012726\", \"Size\": 23, \"parent\": \"abcdef511795493012706\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef511795493012706\", \"Size\": 23, \"parent\": \"abcdef411795493012686\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef411795493012686\", \"Size\": 23, \"parent\": \"abcdef311795493012658\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef311795493012658\", \"Size\": 23, \"parent\": \"abcdef211795493012642\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef211795493012642\", \"Size\": 23, \"parent\": \"abcdef111795493012610\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef111795493012610\", \"Size\": 23, \"parent\": \"abcdef011795493012575\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493012575\", \"Size\": 23, \"parent\": \"abcdef101795493011678\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef021795493012548\", \"Size\": 23, \"parent\": \"abcdef011795493011890\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef031795493012078\", \"Size\": 23, \"parent\": \"abcdef021795493011906\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef021795493011906\", \"Size\": 23, \"parent\": \"abcdef011795493011890\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493011890\", \"Size\": 23, \"parent\": \"abcdef101795493011678\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef211795493011738\", \"Size\": 23, \"parent\": \"abcdef111795493011723\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef111795493011723\", \"Size\": 23, \"parent\": \"abcdef011795493011698\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493011698\", \"Size\": 23, \"parent\": \"abcdef101795493011678\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493011678\", \"Size\": 23, \"parent\": \"abcdef001795493011667\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493011667\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:5cf8055c333a258552475544734ff0dea0cfa2f1c811a6a7247b880b61e8930b"\n      },\n      {\n         "blobSum": "sha256:140886a69b3ec95758f43d54f4b4a130faa2b68ec6b240f630b98d3ee3489fb4"\n      },\n      {\n         "blobSum": "sha256:a1e6a66d2ab379c102a48a0950a98ecde4425268351568b710bcbba17eb40906"\n      },\n      {\n         "blobSum": "sha256:6a3843c0e034b3a8bb14725001ae2bbd96d757ae0ac80bfedbb9f59d770f37cf"\n      },\n      {\n         "blobSum": "sha256:5beef891462bb91ee9a6cf4accb0127c75276f7cd072873fb7046f8e10de202c"\n      },\n      {\n         "blobSum": "sha256:844785bfc25398084a2569ff0ff5498ff2c68aeb47d55ba7111ea8db5c1e9235"\n      },\n      {\n         "blobSum": "sha256:cedfd519489a3ae412a9969c19ad6c0d5145dbb78cafbbe8b49809c5b0b3c311"\n      },\n      {\n         "blobSum": "sha256:349cc08d2982ba9d3d4e10ac1a9ce0b9f23cfee849dd54325d654d14cbfdba6d"\n      },\n      {\n         "blobSum": "sha256:45f53b573c22e156cda135ec0d40b8c30dd2249197417001792b086be73113d1"\n      },\n      {\n         "blobSum": "sha256:2d0aad1de16409b518ed698401cc846a7ec9a961c869798fb8220c4deeacdcc0"\n      },\n      {\n         "blobSum": "sha256:69bce2a74125948b99d89ddbbfaa9ede8f545403b20cd79fb12f388f8cb95d85"\n      },\n      {\n         "blobSum": "sha256:54f0cb36747d027396ea85a74b0167e60edd15d0d49a91d3497983de8bfcfbe9"\n      },\n      {\n         "blobSum": "sha256:018397fb31a54233309e48753bc36e5f2f4435a491c633e540255e954e7c5cd5"\n      },\n      {\n         "blobSum": "sha256:ef2b20c0e8f501d46e3c148be04ad8f4e4aa5e4c9213ebe6f54dd4733f6165f1"\n      },\n      {\n         "blobSum": "sha256:a8519cfe7e7cb266656d7e5a0edee89e5133de5149a4c923a99a1e32e5eceabe"\n      },\n      {\n         "blobSum": "sha256:996054fb14a9ab43483cd73b88ea6f07097517f3f88a4a9886d2e1251d804fbf"\n      },\n      {\n         "blobSum": "sha256:1543fa2c9be19473eed770e4d563e3a4089dda81f81ccb1892501d8b16a31d99"\n      },\n      {\n         "blobSum": "sha256:ce8fbf4b8dbee178a69d2a8c33b2972e7095551f84767226e5eed1de23c58d81"\n      },\n      {\n         "blobSum": "sha256:0ee2fd3b23e30e3b50af8e28e999705a9319726985b004f0b31ab15a65f152cb"\n      },\n      {\n         "blobSum": "sha256:3c2377c7015c5775bea19fa859627f0ca59f7f6732f7109b41a948c0d17e7894"\n      },\n      {\n         "blobSum": "sha256:25de38b870b1dd488f8559da61ac4a5f1c4cbf55a5fc94b1528c8ffed6249b12"\n      },\n      {\n         "blobSum": "sha256:e743b13ac594377c2eec17baf96d86ce75ac8469cc1b4b235cd4839d8e18f223"\n      },\n      {\n         "blobSum": "sha256:4a40af93b825d6d1d56d8915198da875ce51e8ff62c579b3a6362d6d8a3b97d1"\n      },\n      {\n         "blobSum": "sha256:7c0f89a97fbc9e67bfcac53a112196de0ac27583904d57422cce8b6a1b85d351"\n      },\n      {\n         "blobSum": "sha256:51f8545f5ef4900f81b798b2e1a2f839f6d175a141e7fb7469e35a34ff516a8b"\n      },\n      {\n         "blobSum": "sha256:10fc84a8cc718567189db5e7aa16f18b2fae8453447aab450a115692be091ba1"\n      },\n      {\n         "blobSum": "sha256:f80a2dac06ee74613a0c74518f86839595448b5f36eef71affa7fb10733e5f49"\n      },\n      {\n         "blobSum": "sha256:bca3c1bef96d6e64bcc6cbef77c62c3655acef440d0b9e345c16637c1472222a"\n      },\n      {\n         "blobSum": "sha256:b9bfab939f27710cdbebb1b0520e07ad52617fde0fee19ef9b8942e9ee8cd9b9"\n      },\n      {\n         "blobSum": "sha256:48ef3618a9609ce532ae97f150ff0423bdbe69786435d2eb9f9a5018cab0bbf2"\n      },\n      {\n         "blobSum": "sha256:d5f8dea91b9f360f7d32c8c1e2bb5e60a3e395fc8e489706573b76dfd803ed6a"\n      },\n      {\n         "blobSum": "sha256:9cb11af0832631a51e4352147fb05e08240b137d748dc6909d08b0ec962197fd"\n      },\n      {\n         "blobSum": "sha256:5d32c95aab0ec3308e5ea84a440070c8ee73f12c6f4359cb34c058b120ab9794"\n      },\n      {\n         "blobSum": "sha256:fd3b5f9678e12eaeb3ddb8010cab8efd93b19ffaf53775a5184fd8fde753be3e"\n      },\n      {\n         "blobSum": "sha256:d2a9be7911d9d25b7a24999229213951e256c1352e74eb17653f3c4b095a5179"\n      },\n      {\n         "blobSum": "sha256:c0866466a592b24c8c7378bb19e0f6d20cff5a52726fc8f3ce43818d1df9bd31"\n      }\n   ]\n}','\n',char(10)),NULL,838,NULL,1,NULL,1);
INSERT INTO manifest VALUES(24,6,'sha256:48a2e1643785f6a64c687a501eaf811a2839e57136d03490e479c25426885edc',14,replace('{\n   "tag": "v6.0",\n   "name": "devtable/gargantuan",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef021795493013914\", \"Size\": 23, \"parent\": \"abcdef011795493013631\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef021795493013646\", \"Size\": 23, \"parent\": \"abcdef011795493013631\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493013631\", \"Size\": 23, \"parent\": \"abcdef101795493011678\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef411795493013346\", \"Size\": 23, \"parent\": \"abcdef311795493013319\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef311795493013319\", \"Size\": 23, \"parent\": \"abcdef211795493013294\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef211795493013294\", \"Size\": 23, \"parent\": \"abcdef111795493013271\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef111795493013271\", \"Size\": 23, \"parent\": \"abcdef011795493013260\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493013260\", \"Size\": 23, \"parent\": \"abcdef101795493011678\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1911795493012958\", \"Size\": 24, \"parent\": \"abcdef1811795493012947\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1811795493012947\", \"Size\": 24, \"parent\": \"abcdef1711795493012928\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1711795493012928\", \"Size\": 24, \"parent\": \"abcdef1611795493012908\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1611795493012908\", \"Size\": 24, \"parent\": \"abcdef1511795493012888\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1511795493012888\", \"Size\": 24, \"parent\": \"abcdef1411795493012878\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1411795493012878\", \"Size\": 24, \"parent\": \"abcdef1311795493012859\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1311795493012859\", \"Size\": 24, \"parent\": \"abcdef1211795493012842\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1211795493012842\", \"Size\": 24, \"parent\": \"abcdef1111795493012826\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1111795493012826\", \"Size\": 24, \"parent\": \"abcdef1011795493012799\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef1011795493012799\", \"Size\": 24, \"parent\": \"abcdef911795493012786\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef911795493012786\", \"Size\": 23, \"parent\": \"abcdef811795493012758\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef811795493012758\", \"Size\": 23, \"parent\": \"abcdef711795493012743\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef711795493012743\", \"Size\": 23, \"parent\": \"abcdef611795493012726\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef611795493012726\", \"Size\": 23, \"parent\": \"abcdef511795493012706\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef511795493012706\", \"Size\": 23, \"parent\": \"abcdef411795493012686\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef411795493012686\", \"Size\": 23, \"parent\": \"abcdef311795493012658\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef311795493012658\", \"Size\": 23, \"parent\": \"abcdef211795493012642\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef211795493012642\", \"Size\": 23, \"parent\": \"abcdef111795493012610\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef111795493012610\", \"Size\": 23, \"parent\": \"abcdef011795493012575\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493012575\", \"Size\": 23, \"parent\": \"abcdef101795493011678\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef021795493012548\", \"Size\": 23, \"parent\": \"abcdef011795493011890\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef031795493012078\", \"Size\": 23, \"parent\": \"abcdef021795493011906\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef021795493011906\", \"Size\": 23, \"parent\": \"abcdef011795493011890\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493011890\", \"Size\": 23, \"parent\": \"abcdef101795493011678\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef211795493011738\", \"Size\": 23, \"parent\": \"abcdef111795493011723\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef111795493011723\", \"Size\": 23, \"parent\": \"abcdef011795493011698\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493011698\", \"Size\": 23, \"parent\": \"abcdef101795493011678\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493011678\", \"Size\": 23, \"parent\": \"abcdef001795493011667\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493011667\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:17ed4aad358ee27afc8eaafeffdae67c5d96ed70d3c9c5fa1b0e549e694d78d7"\n      },\n      {\n         "blobSum": "sha256:5cf8055c333a258552475544734ff0dea0cfa2f1c811a6a7247b880b61e8930b"\n      },\n      {\n         "blobSum": "sha256:140886a69b3ec95758f43d54f4b4a130faa2b68ec6b240f630b98d3ee3489fb4"\n      },\n      {\n         "blobSum": "sha256:a1e6a66d2ab379c102a48a0950a98ecde4425268351568b710bcbba17eb40906"\n      },\n      {\n         "blobSum": "sha256:6a3843c0e034b3a8bb14725001ae2bbd96d757ae0ac80bfedbb9f59d770f37cf"\n      },\n      {\n         "blobSum": "sha256:5beef891462bb91ee9a6cf4accb0127c75276f7cd072873fb7046f8e10de202c"\n      },\n      {\n         "blobSum": "sha256:844785bfc25398084a2569ff0ff5498ff2c68aeb47d55ba7111ea8db5c1e9235"\n      },\n      {\n         "blobSum": "sha256:cedfd519489a3ae412a9969c19ad6c0d5145dbb78cafbbe8b49809c5b0b3c311"\n      },\n      {\n         "blobSum": "sha256:349cc08d2982ba9d3d4e10ac1a9ce0b9f23cfee849dd54325d654d14cbfdba6d"\n      },\n      {\n         "blobSum": "sha256:45f53b573c22e156cda135ec0d40b8c30dd2249197417001792b086be73113d1"\n      },\n      {\n         "blobSum": "sha256:2d0aad1de16409b518ed698401cc846a7ec9a961c869798fb8220c4deeacdcc0"\n      },\n      {\n         "blobSum": "sha256:69bce2a74125948b99d89ddbbfaa9ede8f545403b20cd79fb12f388f8cb95d85"\n      },\n      {\n         "blobSum": "sha256:54f0cb36747d027396ea85a74b0167e60edd15d0d49a91d3497983de8bfcfbe9"\n      },\n      {\n         "blobSum": "sha256:018397fb31a54233309e48753bc36e5f2f4435a491c633e540255e954e7c5cd5"\n      },\n      {\n         "blobSum": "sha256:ef2b20c0e8f501d46e3c148be04ad8f4e4aa5e4c9213ebe6f54dd4733f6165f1"\n      },\n      {\n         "blobSum": "sha256:a8519cfe7e7cb266656d7e5a0edee89e5133de5149a4c923a99a1e32e5eceabe"\n      },\n      {\n         "blobSum": "sha256:996054fb14a9ab43483cd73b88ea6f07097517f3f88a4a9886d2e1251d804fbf"\n      },\n      {\n         "blobSum": "sha256:1543fa2c9be19473eed770e4d563e3a4089dda81f81ccb1892501d8b16a31d99"\n      },\n      {\n         "blobSum": "sha256:ce8fbf4b8dbee178a69d2a8c33b2972e7095551f84767226e5eed1de23c58d81"\n      },\n      {\n         "blobSum": "sha256:0ee2fd3b23e30e3b50af8e28e999705a9319726985b004f0b31ab15a65f152cb"\n      },\n      {\n         "blobSum": "sha256:3c2377c7015c5775bea19fa859627f0ca59f7f6732f7109b41a948c0d17e7894"\n      },\n      {\n         "blobSum": "sha256:25de38b870b1dd488f8559da61ac4a5f1c4cbf55a5fc94b1528c8ffed6249b12"\n      },\n      {\n         "blobSum": "sha256:e743b13ac594377c2eec17baf96d86ce75ac8469cc1b4b235cd4839d8e18f223"\n      },\n      {\n         "blobSum": "sha256:4a40af93b825d6d1d56d8915198da875ce51e8ff62c579b3a6362d6d8a3b97d1"\n      },\n      {\n         "blobSum": "sha256:7c0f89a97fbc9e67bfcac53a112196de0ac27583904d57422cce8b6a1b85d351"\n      },\n      {\n         "blobSum": "sha256:51f8545f5ef4900f81b798b2e1a2f839f6d175a141e7fb7469e35a34ff516a8b"\n      },\n      {\n         "blobSum": "sha256:10fc84a8cc718567189db5e7aa16f18b2fae8453447aab450a115692be091ba1"\n      },\n      {\n         "blobSum": "sha256:f80a2dac06ee74613a0c74518f86839595448b5f36eef71affa7fb10733e5f49"\n      },\n      {\n         "blobSum": "sha256:bca3c1bef96d6e64bcc6cbef77c62c3655acef440d0b9e345c16637c1472222a"\n      },\n      {\n         "blobSum": "sha256:b9bfab939f27710cdbebb1b0520e07ad52617fde0fee19ef9b8942e9ee8cd9b9"\n      },\n      {\n         "blobSum": "sha256:48ef3618a9609ce532ae97f150ff0423bdbe69786435d2eb9f9a5018cab0bbf2"\n      },\n      {\n         "blobSum": "sha256:d5f8dea91b9f360f7d32c8c1e2bb5e60a3e395fc8e489706573b76dfd803ed6a"\n      },\n      {\n         "blobSum": "sha256:9cb11af0832631a51e4352147fb05e08240b137d748dc6909d08b0ec962197fd"\n      },\n      {\n         "blobSum": "sha256:5d32c95aab0ec3308e5ea84a440070c8ee73f12c6f4359cb34c058b120ab9794"\n      },\n      {\n         "blobSum": "sha256:fd3b5f9678e12eaeb3ddb8010cab8efd93b19ffaf53775a5184fd8fde753be3e"\n      },\n      {\n         "blobSum": "sha256:d2a9be7911d9d25b7a24999229213951e256c1352e74eb17653f3c4b095a5179"\n      },\n      {\n         "blobSum": "sha256:c0866466a592b24c8c7378bb19e0f6d20cff5a52726fc8f3ce43818d1df9bd31"\n      }\n   ]\n}','\n',char(10)),NULL,861,NULL,1,NULL,1);
INSERT INTO manifest VALUES(25,7,'sha256:82ea262a62fcc221870c5738ca2c830da5052fc1f96fd32f03b23c20c9c32ded',14,replace('{\n   "tag": "latest",\n   "name": "devtable/trusted",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef301795493014243\", \"Size\": 23, \"parent\": \"abcdef201795493014225\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef201795493014225\", \"Size\": 23, \"parent\": \"abcdef101795493014214\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493014214\", \"Size\": 23, \"parent\": \"abcdef001795493014200\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493014200\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:2cd8f09f505d7281adfe231b4a5bd723ca926a707d97db65234aacbe100924ac"\n      },\n      {\n         "blobSum": "sha256:bfac2bb9dfeebe1e80640f120207faddcf9f1073b09c76a32a9762a302fa5d8e"\n      },\n      {\n         "blobSum": "sha256:a4bc6b35a8fd7fc9458c09c8613aeee82bd1bf415c64b48988d8d577ee7f748a"\n      },\n      {\n         "blobSum": "sha256:b65fcd28dcfb1407a251ce9513c4baad5b47c73f7d09757d15bdaa7379a77d1c"\n      }\n   ]\n}','\n',char(10)),NULL,92,NULL,1,NULL,1);
INSERT INTO manifest VALUES(26,7,'sha256:13277948d38cceec50681bccc822bc41277b45ba8d040798029a80eb180c19a5',14,replace('{\n   "tag": "prod",\n   "name": "devtable/trusted",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef301795493014243\", \"Size\": 23, \"parent\": \"abcdef201795493014225\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef201795493014225\", \"Size\": 23, \"parent\": \"abcdef101795493014214\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493014214\", \"Size\": 23, \"parent\": \"abcdef001795493014200\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493014200\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:2cd8f09f505d7281adfe231b4a5bd723ca926a707d97db65234aacbe100924ac"\n      },\n      {\n         "blobSum": "sha256:bfac2bb9dfeebe1e80640f120207faddcf9f1073b09c76a32a9762a302fa5d8e"\n      },\n      {\n         "blobSum": "sha256:a4bc6b35a8fd7fc9458c09c8613aeee82bd1bf415c64b48988d8d577ee7f748a"\n      },\n      {\n         "blobSum": "sha256:b65fcd28dcfb1407a251ce9513c4baad5b47c73f7d09757d15bdaa7379a77d1c"\n      }\n   ]\n}','\n',char(10)),NULL,92,NULL,1,NULL,1);
INSERT INTO manifest VALUES(27,8,'sha256:9d751179fb7c216de92e0fb862726a5a6a10f6190df4f637bfd6f78d9733d1b8',14,replace('{\n   "tag": "latest",\n   "name": "public/publicrepo",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef901795493014710\", \"Size\": 23, \"parent\": \"abcdef801795493014690\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef801795493014690\", \"Size\": 23, \"parent\": \"abcdef701795493014678\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef701795493014678\", \"Size\": 23, \"parent\": \"abcdef601795493014666\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef601795493014666\", \"Size\": 23, \"parent\": \"abcdef501795493014658\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef501795493014658\", \"Size\": 23, \"parent\": \"abcdef401795493014642\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef401795493014642\", \"Size\": 23, \"parent\": \"abcdef301795493014634\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef301795493014634\", \"Size\": 23, \"parent\": \"abcdef201795493014614\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef201795493014614\", \"Size\": 23, \"parent\": \"abcdef101795493014602\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493014602\", \"Size\": 23, \"parent\": \"abcdef001795493014594\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493014594\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:2779508dfcc342ebab57bed035a0672947546a983dccf0070e47122342ceff0a"\n      },\n      {\n         "blobSum": "sha256:db3dcf2d1f7e195e8b40e17f0ece9b96416a71d3d792e77e383dae1812263697"\n      },\n      {\n         "blobSum": "sha256:814e696eb531a106dd757d1c3b901123911c6a9a095e68d0694e486b59ddfb86"\n      },\n      {\n         "blobSum": "sha256:397f50390399dd0f02a2c91346e3874eb6bf93c50eef4bf63bb088eccd65ac3b"\n      },\n      {\n         "blobSum": "sha256:6edbcb852e1a37981b5afce817e4b9433be512fa641e5425bb232608be7f6265"\n      },\n      {\n         "blobSum": "sha256:ad9711f2ac0a9dc91ecb841457328bcce278adac9aaa166d3151757a738c6b1a"\n      },\n      {\n         "blobSum": "sha256:885ffa7b789452b2279fd6502ebb8d5b7fd74e1d2fee0fd37f47133c6c3200f0"\n      },\n      {\n         "blobSum": "sha256:d5be11cb143edc21caf4c9e0c2aee4c2e9df6c9ca909b896696bc8c87c3273b5"\n      },\n      {\n         "blobSum": "sha256:e945f6b67121cad834f960a7eed6c12e5406320dfcfbb257e05534a57e75700c"\n      },\n      {\n         "blobSum": "sha256:14cb0a6037452d052b5aa0f3daa8ebe55c76f1daddbdb67f303892c632478028"\n      }\n   ]\n}','\n',char(10)),NULL,230,NULL,1,NULL,1);
INSERT INTO manifest VALUES(28,9,'sha256:5ec4488f58458129fe376c73322944c4c754b8c1018b2815c3ada0df68f560f7',14,replace('{\n   "tag": "latest",\n   "name": "outsideorg/coolrepo",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef401795493014986\", \"Size\": 23, \"parent\": \"abcdef301795493014970\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef301795493014970\", \"Size\": 23, \"parent\": \"abcdef201795493014950\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef201795493014950\", \"Size\": 23, \"parent\": \"abcdef101795493014939\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493014939\", \"Size\": 23, \"parent\": \"abcdef001795493014925\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493014925\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:6ec38e022a87e99ea6a024ce10bac46a5ded796677bff09aecdb5e0effc910a6"\n      },\n      {\n         "blobSum": "sha256:58108b5cdf6afe502efc83d7f23c42d510cd2767da3cecd66dcc52d648f9b204"\n      },\n      {\n         "blobSum": "sha256:092406294d9aff6fbad40b769e361520fdc987ae9e7d5808ad6e11ed8376c3c5"\n      },\n      {\n         "blobSum": "sha256:e80cf242448ca6d8f1423ad902df20304b8d4eddcd647a5e03694a22f7a99b7d"\n      },\n      {\n         "blobSum": "sha256:64397cfed32c1bf5668dbb382170dec753c70911ad8d43ba941a0784d6a356f3"\n      }\n   ]\n}','\n',char(10)),NULL,115,NULL,1,NULL,1);
INSERT INTO manifest VALUES(29,10,'sha256:f3fb5f29604fae7f64e0488de2a869d1844d36aba495261fab68dc6e30176f58',14,replace('{\n   "tag": "latest",\n   "name": "devtable/shared",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef401795493015314\", \"Size\": 23, \"parent\": \"abcdef301795493015294\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef301795493015294\", \"Size\": 23, \"parent\": \"abcdef201795493015270\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef201795493015270\", \"Size\": 23, \"parent\": \"abcdef101795493015247\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493015247\", \"Size\": 23, \"parent\": \"abcdef001795493015221\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493015221\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:aeea18f05ddc5abb09494fe5be1284d795a076d431c81f3e3d785b25e972704b"\n      },\n      {\n         "blobSum": "sha256:d8198be75e12e5d2496b6470a0f380560a25a0b4ff3dbab07a27724db57bef73"\n      },\n      {\n         "blobSum": "sha256:f448a0033cf6baf09696bc6f4f6e6578295a27b1a5709d367598b1ab5b1ed20e"\n      },\n      {\n         "blobSum": "sha256:7afd6bfe411027167948e746d06421453cb59d9f06108a11c41c8a64e9a1d967"\n      },\n      {\n         "blobSum": "sha256:fe057f21ef561d154424d5493a3545142b44b9dc27ed8ddd021880accb145006"\n      }\n   ]\n}','\n',char(10)),NULL,115,NULL,1,NULL,1);
INSERT INTO manifest VALUES(30,11,'sha256:c67bfe409ebf7aebae0d424b21500c147360a8c39eab263825d35dafc9b38885',14,replace('{\n   "tag": "latest",\n   "name": "devtable/text-full-repo",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef401795493015636\", \"Size\": 23, \"parent\": \"abcdef301795493015632\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef301795493015632\", \"Size\": 23, \"parent\": \"abcdef201795493015626\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef201795493015626\", \"Size\": 23, \"parent\": \"abcdef101795493015618\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493015618\", \"Size\": 23, \"parent\": \"abcdef001795493015607\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493015607\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:a0623cb425c1f652cd73174689e38ee4d7b08d7655a4d11f7a71eae81fef72a9"\n      },\n      {\n         "blobSum": "sha256:601469dfe8d048ded4ad3d83ddc310242c3507b203a136798fd735a8c4dd265a"\n      },\n      {\n         "blobSum": "sha256:66bcef233b09342a3b99295b85295666944cf77c39c4aef6756106ef1c9d50b5"\n      },\n      {\n         "blobSum": "sha256:17fd57d9310e5fc960d5033f7addbd1457bd23fd36f468b46b25c1ee4b1b2762"\n      },\n      {\n         "blobSum": "sha256:1bccd348902c9c6ba4310752d4dde43deec00acea5b43e6113eab50399d2d0a6"\n      }\n   ]\n}','\n',char(10)),NULL,115,NULL,1,NULL,1);
INSERT INTO manifest VALUES(31,13,'sha256:2d99ad986ef0d5ef4c0756f8564dee6536cd41e302635b32c91873bf41b273f9',14,replace('{\n   "tag": "latest",\n   "name": "testorgforautoprune/autoprunerepo",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef301795493015904\", \"Size\": 23, \"parent\": \"abcdef201795493015896\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef201795493015896\", \"Size\": 23, \"parent\": \"abcdef101795493015888\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493015888\", \"Size\": 23, \"parent\": \"abcdef001795493015880\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493015880\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:f47f349084e4ed469e8886be8ea5d28960255b3002671b09b87a8a23e521b090"\n      },\n      {\n         "blobSum": "sha256:19e5fc456666f8e594d740102e74f132b9a3a441ec278ea5e3733938e85f0549"\n      },\n      {\n         "blobSum": "sha256:59a6865583d5c3243f4276bd489d363c1b515a0c5e2b3bcc0d25d556dec680aa"\n      },\n      {\n         "blobSum": "sha256:d9552d55d4b817de01cce56385dd946fed15a59d53608c1552ff8b08eb617235"\n      }\n   ]\n}','\n',char(10)),NULL,92,NULL,1,NULL,1);
INSERT INTO manifest VALUES(32,13,'sha256:9dc5cc3b68c46554ffcc616b0893c263f63551e8d559701f12798721315c0c8b',14,replace('{\n   "tag": "prod",\n   "name": "testorgforautoprune/autoprunerepo",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef301795493015904\", \"Size\": 23, \"parent\": \"abcdef201795493015896\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef201795493015896\", \"Size\": 23, \"parent\": \"abcdef101795493015888\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493015888\", \"Size\": 23, \"parent\": \"abcdef001795493015880\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493015880\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:f47f349084e4ed469e8886be8ea5d28960255b3002671b09b87a8a23e521b090"\n      },\n      {\n         "blobSum": "sha256:19e5fc456666f8e594d740102e74f132b9a3a441ec278ea5e3733938e85f0549"\n      },\n      {\n         "blobSum": "sha256:59a6865583d5c3243f4276bd489d363c1b515a0c5e2b3bcc0d25d556dec680aa"\n      },\n      {\n         "blobSum": "sha256:d9552d55d4b817de01cce56385dd946fed15a59d53608c1552ff8b08eb617235"\n      }\n   ]\n}','\n',char(10)),NULL,92,NULL,1,NULL,1);
INSERT INTO manifest VALUES(33,14,'sha256:fa81ec20ab0f5fa42b5e01241d390fd30858ed153d2694eab20c566e1c8154a6',14,replace('{\n   "tag": "latest",\n   "name": "buynlarge/orgrepo",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef301795493017950\", \"Size\": 23, \"parent\": \"abcdef201795493017942\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef201795493017942\", \"Size\": 23, \"parent\": \"abcdef101795493017931\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493017931\", \"Size\": 23, \"parent\": \"abcdef001795493017920\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493017920\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:aa42e258b7eade4c126a9ba80edffb15a38ab319e687c5fec282b4625622da3f"\n      },\n      {\n         "blobSum": "sha256:54db05b139b3d11473f9670ea13da9ce5d15d9adc98c5f0b8ad5556693fe9ff2"\n      },\n      {\n         "blobSum": "sha256:c08fd64d90ef4e605e3af377124a671bf0899ae7094c08a5324aad02d2bbdcd5"\n      },\n      {\n         "blobSum": "sha256:56cd385a5f5767e8d83cbbf4fded1d42634031cd122b38fed594a86e02000d21"\n      }\n   ]\n}','\n',char(10)),NULL,92,NULL,1,NULL,1);
INSERT INTO manifest VALUES(34,14,'sha256:18fc03eea647747e7fe93d81021012acfc64174f1560307a4633e839936de9eb',14,replace('{\n   "tag": "prod",\n   "name": "buynlarge/orgrepo",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef301795493017950\", \"Size\": 23, \"parent\": \"abcdef201795493017942\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef201795493017942\", \"Size\": 23, \"parent\": \"abcdef101795493017931\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493017931\", \"Size\": 23, \"parent\": \"abcdef001795493017920\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493017920\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:aa42e258b7eade4c126a9ba80edffb15a38ab319e687c5fec282b4625622da3f"\n      },\n      {\n         "blobSum": "sha256:54db05b139b3d11473f9670ea13da9ce5d15d9adc98c5f0b8ad5556693fe9ff2"\n      },\n      {\n         "blobSum": "sha256:c08fd64d90ef4e605e3af377124a671bf0899ae7094c08a5324aad02d2bbdcd5"\n      },\n      {\n         "blobSum": "sha256:56cd385a5f5767e8d83cbbf4fded1d42634031cd122b38fed594a86e02000d21"\n      }\n   ]\n}','\n',char(10)),NULL,92,NULL,1,NULL,1);
INSERT INTO manifest VALUES(35,15,'sha256:3ec43b8da3acaa2cade0c6f50cf1d6deb871b3eb02963cd28a8b709080a7a61a',14,replace('{\n   "tag": "latest",\n   "name": "buynlarge/anotherorgrepo",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef301795493018453\", \"Size\": 23, \"parent\": \"abcdef201795493018422\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef201795493018422\", \"Size\": 23, \"parent\": \"abcdef101795493018398\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493018398\", \"Size\": 23, \"parent\": \"abcdef001795493018376\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493018376\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:12c2704a36f25109b75c03ff3b1b0f7cd1f7d546c91642744802d0c1f69d4c38"\n      },\n      {\n         "blobSum": "sha256:60bc52ea4b642a523d6b7821c24d2efce9b464b74905c35c9b11f7b0f8817358"\n      },\n      {\n         "blobSum": "sha256:b4ddd4c8100375ee54106c2d271897576a22c553409e3f584711f1d55cde7b7a"\n      },\n      {\n         "blobSum": "sha256:6c2d56330ad1bf0c936a379bea0747fb1491d98e690d32fdee41793b16a6d753"\n      }\n   ]\n}','\n',char(10)),NULL,92,NULL,1,NULL,1);
INSERT INTO manifest VALUES(36,15,'sha256:16b0a7c04ac966bed2d3b284479215b4465087525cdfa0c72ae42a1497bfd0ac',14,replace('{\n   "tag": "prod",\n   "name": "buynlarge/anotherorgrepo",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef301795493018453\", \"Size\": 23, \"parent\": \"abcdef201795493018422\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef201795493018422\", \"Size\": 23, \"parent\": \"abcdef101795493018398\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493018398\", \"Size\": 23, \"parent\": \"abcdef001795493018376\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493018376\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:12c2704a36f25109b75c03ff3b1b0f7cd1f7d546c91642744802d0c1f69d4c38"\n      },\n      {\n         "blobSum": "sha256:60bc52ea4b642a523d6b7821c24d2efce9b464b74905c35c9b11f7b0f8817358"\n      },\n      {\n         "blobSum": "sha256:b4ddd4c8100375ee54106c2d271897576a22c553409e3f584711f1d55cde7b7a"\n      },\n      {\n         "blobSum": "sha256:6c2d56330ad1bf0c936a379bea0747fb1491d98e690d32fdee41793b16a6d753"\n      }\n   ]\n}','\n',char(10)),NULL,92,NULL,1,NULL,1);
INSERT INTO manifest VALUES(37,16,'sha256:2a96549036051fdbf882370b7122bb49b3ffb8fbb33a772e4bf982936b21c30d',14,replace('{\n   "tag": "latest2",\n   "name": "devtable/superwide",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef901795493019080\", \"Size\": 23, \"parent\": \"abcdef801795493019064\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef801795493019064\", \"Size\": 23, \"parent\": \"abcdef701795493019046\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef701795493019046\", \"Size\": 23, \"parent\": \"abcdef601795493019025\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef601795493019025\", \"Size\": 23, \"parent\": \"abcdef501795493019008\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef501795493019008\", \"Size\": 23, \"parent\": \"abcdef401795493018984\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef401795493018984\", \"Size\": 23, \"parent\": \"abcdef301795493018964\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef301795493018964\", \"Size\": 23, \"parent\": \"abcdef201795493018945\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef201795493018945\", \"Size\": 23, \"parent\": \"abcdef101795493018925\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493018925\", \"Size\": 23, \"parent\": \"abcdef001795493018907\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493018907\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:413855a2654891722054135ec73ab5e124bd98f7e7a92def21e606f0b650e59d"\n      },\n      {\n         "blobSum": "sha256:791b64c0b4fb1087bafed0b4ae74558c06ecdcb4f840016616ac63a52b1b4aef"\n      },\n      {\n         "blobSum": "sha256:952e8a5ecfde586435b65da4345c88da1e8a993459ede03ac986b01c05f554ff"\n      },\n      {\n         "blobSum": "sha256:f55620fb5a432db6d9a3e92f42920d882e783dcfed507d8716b3e0cab51152f6"\n      },\n      {\n         "blobSum": "sha256:7b0443ec87d255db1f10fdd25d4472a5a3a02eb5bfc0561d55fad00ab3f4cb2c"\n      },\n      {\n         "blobSum": "sha256:9fa5ac42a802418c2a66d070c11ec4bb54ae091f1cee115f44f95799e4d3906c"\n      },\n      {\n         "blobSum": "sha256:3b4c99d75aca7c459c010a0a0b1ac91e404e05192515ff8c47546db796a12cef"\n      },\n      {\n         "blobSum": "sha256:70ef7d64f6707a128ffb889a7ef513490cb5a2fc3142ce5a842e4fc64b5f932b"\n      },\n      {\n         "blobSum": "sha256:a1abf7b2d9d420d733d585b04bd26f37cfdb7c21a91e96e9507542ca44e60f99"\n      },\n      {\n         "blobSum": "sha256:0770cdc556826e4a191edcd1f1b697a966acc8a1970a6cd53372f8eb5ed910a3"\n      }\n   ]\n}','\n',char(10)),NULL,230,NULL,1,NULL,1);
INSERT INTO manifest VALUES(38,16,'sha256:593ab291e0597199cc8cf8cd9c024a6aae0070a5dec00d94970490d19c4ab576',14,replace('{\n   "tag": "latest3",\n   "name": "devtable/superwide",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493019347\", \"Size\": 23, \"parent\": \"abcdef001795493019308\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493019308\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:c067c87892d4217c12b83ae5899645818423ef2f4fbd1895e1c1bd1b7be5dc86"\n      },\n      {\n         "blobSum": "sha256:202ad4944a37d6cb0d0d3c61180324526717fb71e8b0dc6706e891e106089de8"\n      }\n   ]\n}','\n',char(10)),NULL,46,NULL,1,NULL,1);
INSERT INTO manifest VALUES(39,16,'sha256:cf20cc162e7e9060214ac6edb0bfb8a8e58fdde0b6dad7b7a19163273c28a952',14,replace('{\n   "tag": "latest4",\n   "name": "devtable/superwide",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493019494\", \"Size\": 23, \"parent\": \"abcdef001795493019479\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493019479\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:4a6d7cff6e9880e2a3400573b4e4d06037b98f3f1cdf7aad1ea93055629e5be2"\n      },\n      {\n         "blobSum": "sha256:fb42564487c45505b1e967b4c04dbb9b720c8d9bc9a5a627507d1e7670f5a992"\n      }\n   ]\n}','\n',char(10)),NULL,46,NULL,1,NULL,1);
INSERT INTO manifest VALUES(40,16,'sha256:b97d5d247856b1e468626a4a7503f6c480066a982f26e2171fc5e2bae67e7be8',14,replace('{\n   "tag": "latest11",\n   "name": "devtable/superwide",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493019750\", \"Size\": 23, \"parent\": \"abcdef101795493019494\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493019494\", \"Size\": 23, \"parent\": \"abcdef001795493019479\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493019479\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:e0b73b59f51a02eaf6a0e7c31a6b1f378d146523086ad4d24d4e426c65d261fc"\n      },\n      {\n         "blobSum": "sha256:4a6d7cff6e9880e2a3400573b4e4d06037b98f3f1cdf7aad1ea93055629e5be2"\n      },\n      {\n         "blobSum": "sha256:fb42564487c45505b1e967b4c04dbb9b720c8d9bc9a5a627507d1e7670f5a992"\n      }\n   ]\n}','\n',char(10)),NULL,69,NULL,1,NULL,1);
INSERT INTO manifest VALUES(41,16,'sha256:d875a31ecd732d50d9f1af76b93fb85b931b3398a22926b3b98cad3f539f8862',14,replace('{\n   "tag": "latest12",\n   "name": "devtable/superwide",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef111795493019998\", \"Size\": 23, \"parent\": \"abcdef011795493019972\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493019972\", \"Size\": 23, \"parent\": \"abcdef101795493019494\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef011795493019750\", \"Size\": 23, \"parent\": \"abcdef101795493019494\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493019494\", \"Size\": 23, \"parent\": \"abcdef001795493019479\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493019479\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:9c03d6e7e1cf4993f0880b4e1913fcdce511363763f69de809af0483a2aeaac5"\n      },\n      {\n         "blobSum": "sha256:ef2439230f4ef48795039f2065a75993550a96068aa96aeaa2e80642b27a5b6e"\n      },\n      {\n         "blobSum": "sha256:e0b73b59f51a02eaf6a0e7c31a6b1f378d146523086ad4d24d4e426c65d261fc"\n      },\n      {\n         "blobSum": "sha256:4a6d7cff6e9880e2a3400573b4e4d06037b98f3f1cdf7aad1ea93055629e5be2"\n      },\n      {\n         "blobSum": "sha256:fb42564487c45505b1e967b4c04dbb9b720c8d9bc9a5a627507d1e7670f5a992"\n      }\n   ]\n}','\n',char(10)),NULL,115,NULL,1,NULL,1);
INSERT INTO manifest VALUES(42,16,'sha256:59762ad3ae9e1c116a051f7ce6cdd75f117d50c87c2e833f79cdfb90754f2264',14,replace('{\n   "tag": "latest5",\n   "name": "devtable/superwide",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493020150\", \"Size\": 23, \"parent\": \"abcdef001795493020140\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493020140\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:4f6aac50dec55f32eed251382c57cde2796fb22ee32f2f86228832929d848f29"\n      },\n      {\n         "blobSum": "sha256:c7e633f359c561bbb48d186882540cd6cbcaad06b9527d344461fe0ab01016d4"\n      }\n   ]\n}','\n',char(10)),NULL,46,NULL,1,NULL,1);
INSERT INTO manifest VALUES(43,16,'sha256:add68269562edbee2b771e1a29b629102dffcf87621b9193e28a48699d730702',14,replace('{\n   "tag": "latest6",\n   "name": "devtable/superwide",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493020310\", \"Size\": 23, \"parent\": \"abcdef001795493020300\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493020300\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:52fbdd073a0871a542fc5ad0c8903af5aa4807aa8bb824bfd834100feb95e6e9"\n      },\n      {\n         "blobSum": "sha256:d7f79a477bcd5274b208add4b1c2d86591819ccb93cd5fc089d23a97249eea0e"\n      }\n   ]\n}','\n',char(10)),NULL,46,NULL,1,NULL,1);
INSERT INTO manifest VALUES(44,16,'sha256:b69d8a333eb489b8451d515ae9c4e802cf915cdbb6f875bb4af368d20fa95a17',14,replace('{\n   "tag": "latest7",\n   "name": "devtable/superwide",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493020514\", \"Size\": 23, \"parent\": \"abcdef001795493020494\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493020494\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:f76a59a49a8a512ede6cb0155279e1504119546f8e1842a199e5909959cf6c5a"\n      },\n      {\n         "blobSum": "sha256:a560acefc87bda3b81485f1bcbf2fe6e0b321a2f7187519acbc0c3aef1e95eff"\n      }\n   ]\n}','\n',char(10)),NULL,46,NULL,1,NULL,1);
INSERT INTO manifest VALUES(45,16,'sha256:082cc5543058738cfd2225b28edd713e03d5f95f7e5a81a0ddb7748580921ea7',14,replace('{\n   "tag": "latest8",\n   "name": "devtable/superwide",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493020665\", \"Size\": 23, \"parent\": \"abcdef001795493020653\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493020653\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:6fb4a60d6e2eb53791192aa31b435e2c022bffedb9498148ea6d60b20cdcd11b"\n      },\n      {\n         "blobSum": "sha256:59f8791611676702f26413115676c480ae0782850431b96875cc8b632973b9d0"\n      }\n   ]\n}','\n',char(10)),NULL,46,NULL,1,NULL,1);
INSERT INTO manifest VALUES(46,16,'sha256:d428b25c758c54df636d0954ae6bf8d76e19b06f217df7bdd6378f982c251b87',14,replace('{\n   "tag": "latest9",\n   "name": "devtable/superwide",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493020859\", \"Size\": 23, \"parent\": \"abcdef001795493020838\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493020838\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:2929a9e97b8277675cab524ec50cac0b518516f2d6c35a53f49269a8fbadfaf9"\n      },\n      {\n         "blobSum": "sha256:1839492fd18194c287ee9634e6d5a0b1de6363b8abf0d7d1a0d5948e5f4aa73e"\n      }\n   ]\n}','\n',char(10)),NULL,46,NULL,1,NULL,1);
INSERT INTO manifest VALUES(47,16,'sha256:807747a251ecea146e3be33dbfe355aa427ae85edef85e9a026148005fd78c43',14,replace('{\n   "tag": "latest10",\n   "name": "devtable/superwide",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493021010\", \"Size\": 23, \"parent\": \"abcdef001795493020998\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493020998\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:3dd7e71b2cb6c532735a6d0e9da4c02b35c7b3187819967a32f1106e9374b609"\n      },\n      {\n         "blobSum": "sha256:d6e58db05ee727c0913532a1379811e7aa901170b4d23a32e24b9743a0f21b9b"\n      }\n   ]\n}','\n',char(10)),NULL,46,NULL,1,NULL,1);
INSERT INTO manifest VALUES(48,16,'sha256:a1aaf16a1be9b6620ee51ae44c780803bb06a815740a8b85ad1585a9c6df8be7',14,replace('{\n   "tag": "latest13",\n   "name": "devtable/superwide",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493021111\", \"Size\": 23, \"parent\": \"abcdef001795493021106\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493021106\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:277fb305c1aec30775ad777e5f5a214a8ec3ac121315051a5a359dcc26fe3f56"\n      },\n      {\n         "blobSum": "sha256:9f7aaf4bce682d807d2170864a7e20b599e03592277ec7403588813c1a7b732d"\n      }\n   ]\n}','\n',char(10)),NULL,46,NULL,1,NULL,1);
INSERT INTO manifest VALUES(49,16,'sha256:cfec7e5a5d31de0b20a4383761534ba55ff6967cbcda1a586f9c79cd8576c1ed',14,replace('{\n   "tag": "latest14",\n   "name": "devtable/superwide",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493021182\", \"Size\": 23, \"parent\": \"abcdef001795493021168\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493021168\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:e862528c5194c68e3f3ebe5d5bfaf69f08bd12867790fa2846323c7fbda67a44"\n      },\n      {\n         "blobSum": "sha256:16d9e497bd479df1759c194312c7b92669c6f87722359ea5a83b387efd7050f7"\n      }\n   ]\n}','\n',char(10)),NULL,46,NULL,1,NULL,1);
INSERT INTO manifest VALUES(50,16,'sha256:c297be25614593e829a1531fdba941fc753d1973338d715d2f922762c0691105',14,replace('{\n   "tag": "latest15",\n   "name": "devtable/superwide",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493021438\", \"Size\": 23, \"parent\": \"abcdef001795493021406\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493021406\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:040ad980af989fc9a71b89a7d8bac13bfb4832e81708d2463a754690151c7c37"\n      },\n      {\n         "blobSum": "sha256:7c37d0f2e2d169a11c75ce9890e7ec4cc8b930fafbaf951543fe1122bdb46bc9"\n      }\n   ]\n}','\n',char(10)),NULL,46,NULL,1,NULL,1);
INSERT INTO manifest VALUES(51,16,'sha256:7a62acf55103b1055e1a9a8cd6787adddafb8961d370c771a334508b0a3cd246',14,replace('{\n   "tag": "latest16",\n   "name": "devtable/superwide",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493021694\", \"Size\": 23, \"parent\": \"abcdef001795493021678\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493021678\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:404aa94328f9fa41dccd0b75d6dcd20c01c0be59bd4bcfe443a06ced412d49dd"\n      },\n      {\n         "blobSum": "sha256:f108308e9d649fc872ce22b9716cd9b8e2857f9ee9c708394c78ef99c4659de6"\n      }\n   ]\n}','\n',char(10)),NULL,46,NULL,1,NULL,1);
INSERT INTO manifest VALUES(52,16,'sha256:f9f3b0558f509a078cae68ca4b141c2956498c362713f5fb05769d3c3db2fce6',14,replace('{\n   "tag": "latest17",\n   "name": "devtable/superwide",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493022034\", \"Size\": 23, \"parent\": \"abcdef001795493021922\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493021922\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:9487ae17cf58723f43937216bfd3c460df91b5dd9d25c7025c59b1d112a32a22"\n      },\n      {\n         "blobSum": "sha256:3f81ac5a264bf503d960480f9f47ca8ba545fcd4457915b0f8f7484e8115902f"\n      }\n   ]\n}','\n',char(10)),NULL,46,NULL,1,NULL,1);
INSERT INTO manifest VALUES(53,16,'sha256:a1855ff24de66ede4f95c92d8024898d8d25e985d54607e07a2305a7fbf51984',14,replace('{\n   "tag": "latest18",\n   "name": "devtable/superwide",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493022246\", \"Size\": 23, \"parent\": \"abcdef001795493022235\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493022235\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:32c683c65986e8ef56fd3dfd9c49a7eb0376c720c1f451461bb2e70780179fc0"\n      },\n      {\n         "blobSum": "sha256:0d0e39b2fcfe25f7909a951efcee2d02c0aaaf5f059a8d9d34cb292a244b11c8"\n      }\n   ]\n}','\n',char(10)),NULL,46,NULL,1,NULL,1);
INSERT INTO manifest VALUES(54,17,'sha256:68816a94974f8c7aeb5ff34dbb5dd45a43394b2cbf3ed39800d2f9ed60c0756e',14,replace('{\n   "tag": "latest",\n   "name": "devtable/mirrored",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef301795493022502\", \"Size\": 23, \"parent\": \"abcdef201795493022483\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef201795493022483\", \"Size\": 23, \"parent\": \"abcdef101795493022469\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493022469\", \"Size\": 23, \"parent\": \"abcdef001795493022445\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493022445\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:66a9268b2518e77137ef26078c0f3db87368230cf893913067ae4ceac0599a65"\n      },\n      {\n         "blobSum": "sha256:0c6b495036c7b2ea8ab79d611bf17eeaeb0f0161359005aca872d0248917b4ef"\n      },\n      {\n         "blobSum": "sha256:6763733e5babb52ba77dd114b9877f320a0c384eb2d2fbf41ea8ebf783413956"\n      },\n      {\n         "blobSum": "sha256:bba96a4698511aba44f2fb0ccffdb240929d328a36a24ef0dfd999f205a56565"\n      }\n   ]\n}','\n',char(10)),NULL,92,NULL,1,NULL,1);
INSERT INTO manifest VALUES(55,17,'sha256:0f4de694f42663f3a8c15818879c2fdb11ff44b0a13c4a676f3ba7d2733fbffb',14,replace('{\n   "tag": "prod",\n   "name": "devtable/mirrored",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef301795493022502\", \"Size\": 23, \"parent\": \"abcdef201795493022483\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef201795493022483\", \"Size\": 23, \"parent\": \"abcdef101795493022469\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493022469\", \"Size\": 23, \"parent\": \"abcdef001795493022445\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493022445\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:66a9268b2518e77137ef26078c0f3db87368230cf893913067ae4ceac0599a65"\n      },\n      {\n         "blobSum": "sha256:0c6b495036c7b2ea8ab79d611bf17eeaeb0f0161359005aca872d0248917b4ef"\n      },\n      {\n         "blobSum": "sha256:6763733e5babb52ba77dd114b9877f320a0c384eb2d2fbf41ea8ebf783413956"\n      },\n      {\n         "blobSum": "sha256:bba96a4698511aba44f2fb0ccffdb240929d328a36a24ef0dfd999f205a56565"\n      }\n   ]\n}','\n',char(10)),NULL,92,NULL,1,NULL,1);
INSERT INTO manifest VALUES(56,18,'sha256:7d6f6def3ff3f9e7e6cb0648896c2e3713b13b6853c462f9ca8c46f8943eaf7a',14,replace('{\n   "tag": "latest",\n   "name": "devtable/readonly",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef301795493023142\", \"Size\": 23, \"parent\": \"abcdef201795493022960\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef201795493022960\", \"Size\": 23, \"parent\": \"abcdef101795493022945\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493022945\", \"Size\": 23, \"parent\": \"abcdef001795493022925\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493022925\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:5b12ee021b6c211953c0a545d8d483408556a82308112c92f02c3e8908dc41ee"\n      },\n      {\n         "blobSum": "sha256:3d27b7b933a95b6937dd8c4bc899c55e89d8be1251969d6f58587814232300c8"\n      },\n      {\n         "blobSum": "sha256:ad883eb4967f54050f449623530b1f09d572057f76537d86b68cf8a8ff0a81c2"\n      },\n      {\n         "blobSum": "sha256:3fa9554dc3a43b45c020ced6f7e61a73fe1e34ff5b33491cf6f0ffb47f94dde1"\n      }\n   ]\n}','\n',char(10)),NULL,92,NULL,1,NULL,1);
INSERT INTO manifest VALUES(57,18,'sha256:db5b3f739a5dcb0d4bfbe00e502059185c73b3144c5055a0634d16ac62bd3187',14,replace('{\n   "tag": "prod",\n   "name": "devtable/readonly",\n   "architecture": "amd64",\n   "schemaVersion": 1,\n   "history": [\n      {\n         "v1Compatibility": "{\"id\": \"abcdef301795493023142\", \"Size\": 23, \"parent\": \"abcdef201795493022960\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef201795493022960\", \"Size\": 23, \"parent\": \"abcdef101795493022945\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef101795493022945\", \"Size\": 23, \"parent\": \"abcdef001795493022925\"}"\n      },\n      {\n         "v1Compatibility": "{\"id\": \"abcdef001795493022925\", \"Size\": 23}"\n      }\n   ],\n   "fsLayers": [\n      {\n         "blobSum": "sha256:5b12ee021b6c211953c0a545d8d483408556a82308112c92f02c3e8908dc41ee"\n      },\n      {\n         "blobSum": "sha256:3d27b7b933a95b6937dd8c4bc899c55e89d8be1251969d6f58587814232300c8"\n      },\n      {\n         "blobSum": "sha256:ad883eb4967f54050f449623530b1f09d572057f76537d86b68cf8a8ff0a81c2"\n      },\n      {\n         "blobSum": "sha256:3fa9554dc3a43b45c020ced6f7e61a73fe1e34ff5b33491cf6f0ffb47f94dde1"\n      }\n   ]\n}','\n',char(10)),NULL,92,NULL,1,NULL,1);
INSERT INTO manifest VALUES(58,20,'sha256:7a4c60ac3c59515d87240c52068516d0e4aca5d446682401a07ab1c0c394eae5',15,replace('{\n   "schemaVersion": 2,\n   "mediaType": "application/vnd.docker.distribution.manifest.v2+json",\n   "config": {\n      "mediaType": "application/vnd.docker.container.image.v1+json",\n      "digest": "sha256:4b8ca77e3fa53b197bc087fbffc84487e5d37563d1294271fbba6b9d2b929f7d",\n      "size": 621\n   },\n   "layers": [\n      {\n         "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip",\n         "digest": "sha256:ab488fa2244c68b5fda88e9d0596bf3d9568fbfb9dc18366a71c3cc865c10aa6",\n         "size": 132\n      },\n      {\n         "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip",\n         "digest": "sha256:3dd870b3b910517cea1aa99ae80bab437d7a151046ee359bab712b75c696d7da",\n         "size": 133\n      },\n      {\n         "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip",\n         "digest": "sha256:3e1e38a875efb7521214f13c88b57bcdda278f341390872b200dcfbdac17f75e",\n         "size": 133\n      }\n   ]\n}','\n',char(10)),'application/vnd.docker.container.image.v1+json',398,NULL,1,NULL,1);
INSERT INTO manifest VALUES(59,20,'sha256:ebb9001a126fe1346d0c953be2eff7f160df1fef5fc39d21e5e61243fa714e2c',17,replace('{\n   "schemaVersion": 2,\n   "mediaType": "application/vnd.oci.image.manifest.v1+json",\n   "config": {\n      "mediaType": "application/vnd.oci.image.config.v1+json",\n      "digest": "sha256:7e91a9dd219226134dabf940867dae66305a15d4c348b00a7ab700fbee12eb4f",\n      "size": 598\n   },\n   "layers": [\n      {\n         "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",\n         "digest": "sha256:ab488fa2244c68b5fda88e9d0596bf3d9568fbfb9dc18366a71c3cc865c10aa6",\n         "size": 132\n      },\n      {\n         "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",\n         "digest": "sha256:3dd870b3b910517cea1aa99ae80bab437d7a151046ee359bab712b75c696d7da",\n         "size": 133\n      },\n      {\n         "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",\n         "digest": "sha256:3e1e38a875efb7521214f13c88b57bcdda278f341390872b200dcfbdac17f75e",\n         "size": 133\n      }\n   ]\n}','\n',char(10)),'application/vnd.oci.image.config.v1+json',398,NULL,1,NULL,1);
INSERT INTO manifest VALUES(60,20,'sha256:8ffcda8a13844290f859ed2aead7b807d73366ca5b0c721bb0fd4ddc15611e0f',17,replace('{\n   "schemaVersion": 2,\n   "mediaType": "application/vnd.oci.image.manifest.v1+json",\n   "config": {\n      "mediaType": "application/vnd.oci.image.config.v1+json",\n      "digest": "sha256:36a52ec42308ef5264e5245fec29b07453b9ebce7c5643c429c33d88aa2072dc",\n      "size": 458\n   },\n   "layers": [\n      {\n         "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",\n         "digest": "sha256:ab488fa2244c68b5fda88e9d0596bf3d9568fbfb9dc18366a71c3cc865c10aa6",\n         "size": 132\n      },\n      {\n         "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",\n         "digest": "sha256:3dd870b3b910517cea1aa99ae80bab437d7a151046ee359bab712b75c696d7da",\n         "size": 133\n      }\n   ]\n}','\n',char(10)),'application/vnd.oci.image.config.v1+json',265,NULL,1,NULL,1);
INSERT INTO manifest VALUES(61,20,'sha256:f1b8fbe979afa934534124858929d00b696b642bad1ccc5a086a3d1f98b5cff4',17,replace('{\n   "schemaVersion": 2,\n   "mediaType": "application/vnd.oci.image.manifest.v1+json",\n   "config": {\n      "mediaType": "application/vnd.oci.image.config.v1+json",\n      "digest": "sha256:a004281812edf6a54c3628d828e8cb1dc4526143f426e97e0d2070945b7ca922",\n      "size": 458\n   },\n   "layers": [\n      {\n         "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",\n         "digest": "sha256:a1403bca0d40edc37a81016895c0bbbdc51b698de5ba0690b062b4888b512682",\n         "size": 132\n      },\n      {\n         "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",\n         "digest": "sha256:b221197f0256eebb437639aa9b73169d2af9d915630c4edb21512f463d0fab49",\n         "size": 133\n      }\n   ]\n}','\n',char(10)),'application/vnd.oci.image.config.v1+json',265,NULL,1,NULL,1);
INSERT INTO manifest VALUES(62,20,'sha256:942479415bca9adafc2426f196acc8f8413332cf4f9b594e10d59bd4929a549e',18,replace('{\n   "schemaVersion": 2,\n   "mediaType": "application/vnd.oci.image.index.v1+json",\n   "manifests": [\n      {\n         "mediaType": "application/vnd.oci.image.manifest.v1+json",\n         "digest": "sha256:8ffcda8a13844290f859ed2aead7b807d73366ca5b0c721bb0fd4ddc15611e0f",\n         "size": 702,\n         "platform": {\n            "architecture": "amd64",\n            "os": "linux"\n         }\n      },\n      {\n         "mediaType": "application/vnd.oci.image.manifest.v1+json",\n         "digest": "sha256:f1b8fbe979afa934534124858929d00b696b642bad1ccc5a086a3d1f98b5cff4",\n         "size": 702,\n         "platform": {\n            "architecture": "arm64",\n            "os": "linux"\n         }\n      }\n   ]\n}','\n',char(10)),NULL,NULL,NULL,1,NULL,1);
INSERT INTO manifest VALUES(63,20,'sha256:afce90452b498317beffb01fd808e06704aafcca5eb13ad8ec7683e6f15cf801',17,replace('{\n   "schemaVersion": 2,\n   "mediaType": "application/vnd.oci.image.manifest.v1+json",\n   "artifactType": "application/vnd.example.signature",\n   "config": {\n      "mediaType": "application/vnd.oci.empty.v1+json",\n      "digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",\n      "size": 2\n   },\n   "layers": [\n      {\n         "mediaType": "application/vnd.example.signature.v1",\n         "digest": "sha256:154cabb9d92c075da1cbedb6815c7728cb4ef9e5ea4cf7ab1fac20d48357010b",\n         "size": 28\n      }\n   ],\n   "subject": {\n      "mediaType": "application/vnd.docker.distribution.manifest.v2+json",\n      "digest": "sha256:7a4c60ac3c59515d87240c52068516d0e4aca5d446682401a07ab1c0c394eae5",\n      "size": 937\n   },\n   "annotations": {\n      "org.example.note": "signed"\n   }\n}','\n',char(10)),'application/vnd.oci.empty.v1+json',28,'sha256:7a4c60ac3c59515d87240c52068516d0e4aca5d446682401a07ab1c0c394eae5',1,'application/vnd.example.signature',1);
INSERT INTO manifest VALUES(64,21,'sha256:c2a2cc2de018f637ef4edbac0ba28bda48950782ef5ca47c37d7f77ff00db99c',15,replace('{\n   "schemaVersion": 2,\n   "mediaType": "application/vnd.docker.distribution.manifest.v2+json",\n   "config": {\n      "mediaType": "application/vnd.docker.container.image.v1+json",\n      "digest": "sha256:a5e3f822a126258dc20a6c0e6c44d276383fa9ba182e5a2a81c1ce83fe30a7ee",\n      "size": 621\n   },\n   "layers": [\n      {\n         "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip",\n         "digest": "sha256:be2c510fc43357d7dffc46282203b611ca96a8150e5e86194f9d85336e1a44fd",\n         "size": 136\n      },\n      {\n         "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip",\n         "digest": "sha256:216f0bb39c396c097f40339a1927091a1cd66db1c8422ee39aabb621acc18d86",\n         "size": 136\n      },\n      {\n         "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip",\n         "digest": "sha256:f58d6f4717dd9e913a3db80374dfce5925632aa0179166d91f10a57a5d15d05a",\n         "size": 136\n      }\n   ]\n}','\n',char(10)),'application/vnd.docker.container.image.v1+json',408,NULL,1,NULL,1);
INSERT INTO manifest VALUES(65,21,'sha256:e7abbf83afaeafc9889b8350048637034c8269ef0568b068391a0782247303e9',17,replace('{\n   "schemaVersion": 2,\n   "mediaType": "application/vnd.oci.image.manifest.v1+json",\n   "config": {\n      "mediaType": "application/vnd.oci.image.config.v1+json",\n      "digest": "sha256:444803ac251c6168b3c1b3e83b4070ecc2e142038f0aed559d0439b7f840d7a6",\n      "size": 598\n   },\n   "layers": [\n      {\n         "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",\n         "digest": "sha256:be2c510fc43357d7dffc46282203b611ca96a8150e5e86194f9d85336e1a44fd",\n         "size": 136\n      },\n      {\n         "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",\n         "digest": "sha256:216f0bb39c396c097f40339a1927091a1cd66db1c8422ee39aabb621acc18d86",\n         "size": 136\n      },\n      {\n         "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",\n         "digest": "sha256:f58d6f4717dd9e913a3db80374dfce5925632aa0179166d91f10a57a5d15d05a",\n         "size": 136\n      }\n   ]\n}','\n',char(10)),'application/vnd.oci.image.config.v1+json',408,NULL,1,NULL,1);
INSERT INTO manifest VALUES(66,21,'sha256:f75cb85ed9d05a312a2df1e194cae674cb4d5cb39264ee0740f9ba001c4cdd63',17,replace('{\n   "schemaVersion": 2,\n   "mediaType": "application/vnd.oci.image.manifest.v1+json",\n   "config": {\n      "mediaType": "application/vnd.oci.image.config.v1+json",\n      "digest": "sha256:8145472249da8ef051b4cb382b71a022b258ee28e6e1c19c0acf7aae76d8bebb",\n      "size": 458\n   },\n   "layers": [\n      {\n         "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",\n         "digest": "sha256:be2c510fc43357d7dffc46282203b611ca96a8150e5e86194f9d85336e1a44fd",\n         "size": 136\n      },\n      {\n         "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",\n         "digest": "sha256:216f0bb39c396c097f40339a1927091a1cd66db1c8422ee39aabb621acc18d86",\n         "size": 136\n      }\n   ]\n}','\n',char(10)),'application/vnd.oci.image.config.v1+json',272,NULL,1,NULL,1);
INSERT INTO manifest VALUES(67,21,'sha256:7eb0ad75984a2adda918cc753760d7cdf71bd4fa3884eeec96f90990f9814a84',17,replace('{\n   "schemaVersion": 2,\n   "mediaType": "application/vnd.oci.image.manifest.v1+json",\n   "config": {\n      "mediaType": "application/vnd.oci.image.config.v1+json",\n      "digest": "sha256:4b2122689518343a797c93423106bd9cad5ddcd1ea2f804400fe4c6634a7c598",\n      "size": 458\n   },\n   "layers": [\n      {\n         "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",\n         "digest": "sha256:91200a8e4e411e61591a737c1f32913a103b42c586ea1d621d8845651892a67d",\n         "size": 135\n      },\n      {\n         "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",\n         "digest": "sha256:2a3f5991930933ed37a437a6af3c1b4ba4fd9d548d58e2d6c3de9f63e2ccf079",\n         "size": 136\n      }\n   ]\n}','\n',char(10)),'application/vnd.oci.image.config.v1+json',271,NULL,1,NULL,1);
INSERT INTO manifest VALUES(68,21,'sha256:0f0ebe0d695ba5cafbf7783aafb0ce85fe4aca6872cce1379a30d9df0cb5ae8e',18,replace('{\n   "schemaVersion": 2,\n   "mediaType": "application/vnd.oci.image.index.v1+json",\n   "manifests": [\n      {\n         "mediaType": "application/vnd.oci.image.manifest.v1+json",\n         "digest": "sha256:f75cb85ed9d05a312a2df1e194cae674cb4d5cb39264ee0740f9ba001c4cdd63",\n         "size": 702,\n         "platform": {\n            "architecture": "amd64",\n            "os": "linux"\n         }\n      },\n      {\n         "mediaType": "application/vnd.oci.image.manifest.v1+json",\n         "digest": "sha256:7eb0ad75984a2adda918cc753760d7cdf71bd4fa3884eeec96f90990f9814a84",\n         "size": 702,\n         "platform": {\n            "architecture": "arm64",\n            "os": "linux"\n         }\n      }\n   ]\n}','\n',char(10)),NULL,NULL,NULL,1,NULL,1);
INSERT INTO manifest VALUES(69,21,'sha256:8a91e82efdd30d9e413cabf6031c1e85361554525f45692337a25b617d62b0e3',17,replace('{\n   "schemaVersion": 2,\n   "mediaType": "application/vnd.oci.image.manifest.v1+json",\n   "artifactType": "application/vnd.example.signature",\n   "config": {\n      "mediaType": "application/vnd.oci.empty.v1+json",\n      "digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",\n      "size": 2\n   },\n   "layers": [\n      {\n         "mediaType": "application/vnd.example.signature.v1",\n         "digest": "sha256:a06d889103b0af91be36fe94de1ee97977092ac60624bcd727a88c7bf6489478",\n         "size": 32\n      }\n   ],\n   "subject": {\n      "mediaType": "application/vnd.docker.distribution.manifest.v2+json",\n      "digest": "sha256:c2a2cc2de018f637ef4edbac0ba28bda48950782ef5ca47c37d7f77ff00db99c",\n      "size": 937\n   },\n   "annotations": {\n      "org.example.note": "signed"\n   }\n}','\n',char(10)),'application/vnd.oci.empty.v1+json',32,'sha256:c2a2cc2de018f637ef4edbac0ba28bda48950782ef5ca47c37d7f77ff00db99c',1,'application/vnd.example.signature',1);
INSERT INTO manifest VALUES(70,22,'sha256:a7e107dd931919454a652c65d5ce7afc78a9619e1b525a3df44927d9ec532264',15,replace('{\n   "schemaVersion": 2,\n   "mediaType": "application/vnd.docker.distribution.manifest.v2+json",\n   "config": {\n      "mediaType": "application/vnd.docker.container.image.v1+json",\n      "digest": "sha256:ff7da544149695d217182a8f58aa14db2da628c5cda454959db1d3e2a928e87b",\n      "size": 621\n   },\n   "layers": [\n      {\n         "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip",\n         "digest": "sha256:15ce705356ba8f020ea3da37dbbb18d5a6cfbea7cd2790984bdb323c2376f6c6",\n         "size": 138\n      },\n      {\n         "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip",\n         "digest": "sha256:de4d985dbc47676c87ff868f32aa42ac179cb52b95381b7ee1e4a28cdd5ce82f",\n         "size": 138\n      },\n      {\n         "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip",\n         "digest": "sha256:806fc293dd7925c58a4d231766ddfb9fae2c39abbde963535c47ac2bea85b10d",\n         "size": 138\n      }\n   ]\n}','\n',char(10)),'application/vnd.docker.container.image.v1+json',414,NULL,1,NULL,1);
INSERT INTO manifest VALUES(71,22,'sha256:c12a9f778a1eae3a11ce2d71ec92f1f1702f4a14a2828bc7289d8a1c07705dd0',17,replace('{\n   "schemaVersion": 2,\n   "mediaType": "application/vnd.oci.image.manifest.v1+json",\n   "config": {\n      "mediaType": "application/vnd.oci.image.config.v1+json",\n      "digest": "sha256:421ea4ab3a35a3061f8a87c859cbe1c4e2af58020c6213b071f0eb31e5d63d89",\n      "size": 598\n   },\n   "layers": [\n      {\n         "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",\n         "digest": "sha256:15ce705356ba8f020ea3da37dbbb18d5a6cfbea7cd2790984bdb323c2376f6c6",\n         "size": 138\n      },\n      {\n         "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",\n         "digest": "sha256:de4d985dbc47676c87ff868f32aa42ac179cb52b95381b7ee1e4a28cdd5ce82f",\n         "size": 138\n      },\n      {\n         "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",\n         "digest": "sha256:806fc293dd7925c58a4d231766ddfb9fae2c39abbde963535c47ac2bea85b10d",\n         "size": 138\n      }\n   ]\n}','\n',char(10)),'application/vnd.oci.image.config.v1+json',414,NULL,1,NULL,1);
INSERT INTO manifest VALUES(72,22,'sha256:403a856b69553b92199a6a101252a88dd774d00031c163643a3997e80b82aebb',17,replace('{\n   "schemaVersion": 2,\n   "mediaType": "application/vnd.oci.image.manifest.v1+json",\n   "config": {\n      "mediaType": "application/vnd.oci.image.config.v1+json",\n      "digest": "sha256:2334b743ec2ce7dc6ed1467f2be339e0851d977eebcaa8d3f0155c5c574d98fe",\n      "size": 458\n   },\n   "layers": [\n      {\n         "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",\n         "digest": "sha256:15ce705356ba8f020ea3da37dbbb18d5a6cfbea7cd2790984bdb323c2376f6c6",\n         "size": 138\n      },\n      {\n         "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",\n         "digest": "sha256:de4d985dbc47676c87ff868f32aa42ac179cb52b95381b7ee1e4a28cdd5ce82f",\n         "size": 138\n      }\n   ]\n}','\n',char(10)),'application/vnd.oci.image.config.v1+json',276,NULL,1,NULL,1);
INSERT INTO manifest VALUES(73,22,'sha256:d9e011de509e06d45de876926a440cea76db1e9cbf1ae7a7a0b0684de4872b2e',17,replace('{\n   "schemaVersion": 2,\n   "mediaType": "application/vnd.oci.image.manifest.v1+json",\n   "config": {\n      "mediaType": "application/vnd.oci.image.config.v1+json",\n      "digest": "sha256:070f40043a55ffae4543665430c33b515ccfe41d0b3cc67db70f913d6af19e44",\n      "size": 458\n   },\n   "layers": [\n      {\n         "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",\n         "digest": "sha256:a3dc5e335bc5601911afe00f7bc77f8f2b29af9c6d8ddf927aa6f2c6d1ad8b64",\n         "size": 137\n      },\n      {\n         "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",\n         "digest": "sha256:2f79a2029b4cb7f5f24e4456887626d6e6b782743022c56485c1ecb4e1b33ceb",\n         "size": 137\n      }\n   ]\n}','\n',char(10)),'application/vnd.oci.image.config.v1+json',274,NULL,1,NULL,1);
INSERT INTO manifest VALUES(74,22,'sha256:dfa9d6456dbd54a76699dfb3bdbc2e657f41e88d9e229600164b3b727f30e9d1',18,replace('{\n   "schemaVersion": 2,\n   "mediaType": "application/vnd.oci.image.index.v1+json",\n   "manifests": [\n      {\n         "mediaType": "application/vnd.oci.image.manifest.v1+json",\n         "digest": "sha256:403a856b69553b92199a6a101252a88dd774d00031c163643a3997e80b82aebb",\n         "size": 702,\n         "platform": {\n            "architecture": "amd64",\n            "os": "linux"\n         }\n      },\n      {\n         "mediaType": "application/vnd.oci.image.manifest.v1+json",\n         "digest": "sha256:d9e011de509e06d45de876926a440cea76db1e9cbf1ae7a7a0b0684de4872b2e",\n         "size": 702,\n         "platform": {\n            "architecture": "arm64",\n            "os": "linux"\n         }\n      }\n   ]\n}','\n',char(10)),NULL,NULL,NULL,1,NULL,1);
INSERT INTO manifest VALUES(75,22,'sha256:cbaa91240e1ca57de267e070dea2d37af405494919477c2d8d5c0c73b1137940',17,replace('{\n   "schemaVersion": 2,\n   "mediaType": "application/vnd.oci.image.manifest.v1+json",\n   "artifactType": "application/vnd.example.signature",\n   "config": {\n      "mediaType": "application/vnd.oci.empty.v1+json",\n      "digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",\n      "size": 2\n   },\n   "layers": [\n      {\n         "mediaType": "application/vnd.example.signature.v1",\n         "digest": "sha256:577a2feaef7b8d64a18de184e1ff01bdcdee64abbee91d9f9b5ff22eff4969d5",\n         "size": 32\n      }\n   ],\n   "subject": {\n      "mediaType": "application/vnd.docker.distribution.manifest.v2+json",\n      "digest": "sha256:a7e107dd931919454a652c65d5ce7afc78a9619e1b525a3df44927d9ec532264",\n      "size": 937\n   },\n   "annotations": {\n      "org.example.note": "signed"\n   }\n}','\n',char(10)),'application/vnd.oci.empty.v1+json',32,'sha256:a7e107dd931919454a652c65d5ce7afc78a9619e1b525a3df44927d9ec532264',1,'application/vnd.example.signature',1);
CREATE TABLE tagkind (
	id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_tagkind PRIMARY KEY (id)
);
INSERT INTO tagkind VALUES(1,'tag');
CREATE TABLE manifestchild (
	id INTEGER NOT NULL, 
	repository_id INTEGER NOT NULL, 
	manifest_id INTEGER NOT NULL, 
	child_manifest_id INTEGER NOT NULL, 
	CONSTRAINT pk_manifestchild PRIMARY KEY (id), 
	CONSTRAINT fk_manifestchild_child_manifest_id_manifest FOREIGN KEY(child_manifest_id) REFERENCES manifest (id), 
	CONSTRAINT fk_manifestchild_manifest_id_manifest FOREIGN KEY(manifest_id) REFERENCES manifest (id), 
	CONSTRAINT fk_manifestchild_repository_id_repository FOREIGN KEY(repository_id) REFERENCES repository (id)
);
INSERT INTO manifestchild VALUES(1,20,62,60);
INSERT INTO manifestchild VALUES(2,20,62,61);
INSERT INTO manifestchild VALUES(3,21,68,66);
INSERT INTO manifestchild VALUES(4,21,68,67);
INSERT INTO manifestchild VALUES(5,22,74,72);
INSERT INTO manifestchild VALUES(6,22,74,73);
CREATE TABLE tag (
	id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	repository_id INTEGER NOT NULL, 
	manifest_id INTEGER, 
	lifetime_start_ms BIGINT NOT NULL, 
	lifetime_end_ms BIGINT, 
	hidden BOOLEAN DEFAULT (0) NOT NULL, 
	reversion BOOLEAN DEFAULT (0) NOT NULL, 
	tag_kind_id INTEGER NOT NULL, 
	linked_tag_id INTEGER, immutable BOOLEAN DEFAULT (0) NOT NULL, 
	CONSTRAINT pk_tag PRIMARY KEY (id), 
	CONSTRAINT fk_tag_linked_tag_id_tag FOREIGN KEY(linked_tag_id) REFERENCES tag (id), 
	CONSTRAINT fk_tag_manifest_id_manifest FOREIGN KEY(manifest_id) REFERENCES manifest (id), 
	CONSTRAINT fk_tag_repository_id_repository FOREIGN KEY(repository_id) REFERENCES repository (id), 
	CONSTRAINT fk_tag_tag_kind_id_tagkind FOREIGN KEY(tag_kind_id) REFERENCES tagkind (id)
);
INSERT INTO tag VALUES(1,'latest',1,1,1795493008032,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(2,'prod',1,2,1795493008428,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(3,'latest',2,3,1795493008693,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(4,'prod',2,4,1795493008883,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(5,'v2.0',3,5,1795493009451,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(6,'v2.1',3,6,1795493009591,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(7,'v2.2',3,7,1795493009675,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(8,'staging',3,8,1795493009803,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(9,'8423b58',3,9,1795493009938,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(10,'prod',3,10,1795493010042,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(11,'581a284',3,11,1795493010229,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(12,'latest',4,12,1795493009555,1795493010830,0,0,1,NULL,0);
INSERT INTO tag VALUES(13,'latest',4,13,1795493010830,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(14,'v2.0',5,14,1795493011063,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(15,'staging',5,15,1795493011222,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(16,'prod',5,16,1795493011414,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(17,'v2.0',6,17,1795493011738,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(18,'staging',6,18,1795493011906,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(19,'latest',6,19,1795493012078,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(20,'prod',6,20,1795493012287,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(21,'v3.0',6,21,1795493012958,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(22,'v4.0',6,22,1795493013346,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(23,'v5.0',6,23,1795493013646,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(24,'v6.0',6,24,1795493013914,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(25,'latest',7,25,1795493014243,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(26,'prod',7,26,1795493014405,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(27,'latest',8,27,1795493014710,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(28,'latest',9,28,1795493014986,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(29,'latest',10,29,1795493015314,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(30,'latest',11,30,1795493015636,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(31,'latest',13,31,1795493015904,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(32,'prod',13,32,1795493016073,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(33,'latest',14,33,1795493017950,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(34,'prod',14,34,1795493018120,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(35,'latest',15,35,1795493018453,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(36,'prod',15,36,1795493018610,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(37,'latest2',16,37,1795493019080,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(38,'latest3',16,38,1795493019347,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(39,'latest4',16,39,1795493019494,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(40,'latest11',16,40,1795493019750,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(41,'latest12',16,41,1795493019998,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(42,'latest5',16,42,1795493020150,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(43,'latest6',16,43,1795493020310,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(44,'latest7',16,44,1795493020514,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(45,'latest8',16,45,1795493020665,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(46,'latest9',16,46,1795493020859,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(47,'latest10',16,47,1795493021010,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(48,'latest13',16,48,1795493021111,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(49,'latest14',16,49,1795493021182,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(50,'latest15',16,50,1795493021438,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(51,'latest16',16,51,1795493021694,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(52,'latest17',16,52,1795493022034,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(53,'latest18',16,53,1795493022246,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(54,'latest',17,54,1795493022502,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(55,'prod',17,55,1795493022687,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(56,'latest',18,56,1795493023142,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(57,'prod',18,57,1795493023335,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(58,'latest',20,58,1795493541236,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(59,'v1',20,59,1795493543126,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(60,'amd',20,60,1795493544581,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(61,'arm',20,61,1795493545878,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(62,'multi',20,62,1795493546101,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(63,'$temp-96b475fb-aba5-47e9-92a0-760218c2e442',20,63,1795493547261,NULL,1,0,1,NULL,0);
INSERT INTO tag VALUES(64,'latest',21,64,1795493550827,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(65,'v1',21,65,1795493552407,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(66,'amd',21,66,1795493553637,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(67,'arm',21,67,1795493555003,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(68,'multi',21,68,1795493555345,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(69,'$temp-d0a4b627-4b31-4f1f-aa80-d26121e20158',21,69,1795493556357,NULL,1,0,1,NULL,0);
INSERT INTO tag VALUES(70,'latest',22,70,1795493560161,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(71,'v1',22,71,1795493562098,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(72,'amd',22,72,1795493563664,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(73,'arm',22,73,1795493565273,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(74,'multi',22,74,1795493565819,NULL,0,0,1,NULL,0);
INSERT INTO tag VALUES(75,'$temp-99b4bf53-ffe9-4e7e-8c7f-415d9ee9460a',22,75,1795493566893,NULL,1,0,1,NULL,0);
CREATE TABLE logentry3 (
	id INTEGER NOT NULL, 
	kind_id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	performer_id INTEGER, 
	repository_id INTEGER, 
	datetime DATETIME NOT NULL, 
	ip VARCHAR(255), 
	metadata_json TEXT NOT NULL, 
	CONSTRAINT pk_logentry3 PRIMARY KEY (id)
);
INSERT INTO logentry3 VALUES(1,27,1,1,2,'2026-11-24 04:03:29.210072',NULL,'{"key": "foo", "value": "bar", "id": 1, "manifest_digest": "sha256:ff8808997f85daae17ecc14e85384c3e35efdd6935f7fe44fcc3284d55e09cdf"}');
INSERT INTO logentry3 VALUES(2,47,1,1,NULL,'2026-11-24 04:03:43.541112',NULL,'{"kid": "kid1", "preshared": true, "service": "sample_service", "name": "somesamplekey", "expiration_date": null, "auto_approved": true}');
INSERT INTO logentry3 VALUES(3,48,1,1,NULL,'2026-11-24 04:03:43.541112',NULL,'{"kid": "kid1", "preshared": true, "service": "sample_service", "name": "somesamplekey", "expiration_date": null, "auto_approved": true}');
INSERT INTO logentry3 VALUES(4,47,1,1,NULL,'2026-11-18 04:03:43.541112',NULL,'{"kid": "kid2", "preshared": true, "service": "sample_service", "name": "someexpiringkey", "expiration_date": 1796702623, "auto_approved": true}');
INSERT INTO logentry3 VALUES(5,48,1,1,NULL,'2026-11-18 04:03:43.541112',NULL,'{"kid": "kid2", "preshared": true, "service": "sample_service", "name": "someexpiringkey", "expiration_date": 1796702623, "auto_approved": true}');
INSERT INTO logentry3 VALUES(6,47,1,1,NULL,'2026-11-19 04:03:43.541112',NULL,'{"kid": "kid4", "preshared": true, "service": "sample_service", "name": "autorotatingkey", "expiration_date": 1795579423, "auto_approved": true}');
INSERT INTO logentry3 VALUES(7,48,1,1,NULL,'2026-11-19 04:03:43.541112',NULL,'{"kid": "kid4", "preshared": true, "service": "sample_service", "name": "autorotatingkey", "expiration_date": 1795579423, "auto_approved": true}');
INSERT INTO logentry3 VALUES(8,47,1,1,NULL,'2026-11-24 04:03:43.541112',NULL,'{"kid": "kid5", "preshared": true, "service": "different_sample_service", "name": "key for another service", "expiration_date": 1796702623, "auto_approved": true}');
INSERT INTO logentry3 VALUES(9,48,1,1,NULL,'2026-11-24 04:03:43.541112',NULL,'{"kid": "kid5", "preshared": true, "service": "different_sample_service", "name": "key for another service", "expiration_date": 1796702623, "auto_approved": true}');
INSERT INTO logentry3 VALUES(10,47,1,1,NULL,'2026-11-18 04:03:43.541112',NULL,'{"kid": "kid6", "preshared": true, "service": "sample_service", "name": "someexpiredkey", "expiration_date": 1795406623, "auto_approved": true}');
INSERT INTO logentry3 VALUES(11,48,1,1,NULL,'2026-11-18 04:03:43.541112',NULL,'{"kid": "kid6", "preshared": true, "service": "sample_service", "name": "someexpiredkey", "expiration_date": 1795406623, "auto_approved": true}');
INSERT INTO logentry3 VALUES(12,47,1,1,NULL,'2026-11-18 04:03:43.541112',NULL,'{"kid": "kid7", "preshared": true, "service": "sample_service", "name": "somewayexpiredkey", "expiration_date": 1792901023, "auto_approved": true}');
INSERT INTO logentry3 VALUES(13,48,1,1,NULL,'2026-11-18 04:03:43.541112',NULL,'{"kid": "kid7", "preshared": true, "service": "sample_service", "name": "somewayexpiredkey", "expiration_date": 1792901023, "auto_approved": true}');
INSERT INTO logentry3 VALUES(14,32,15,1,NULL,'2026-11-18 04:03:43.541112',NULL,'{"team": "readers"}');
INSERT INTO logentry3 VALUES(15,38,15,1,NULL,'2026-11-18 04:03:43.541112',NULL,'{"team": "readers", "role": "read"}');
INSERT INTO logentry3 VALUES(16,14,15,1,14,'2026-11-18 04:03:43.541112',NULL,'{"namespace": "buynlarge", "repo": "orgrepo"}');
INSERT INTO logentry3 VALUES(17,10,15,5,14,'2026-11-19 04:03:43.541112',NULL,'{"username": "devtable", "repo": "orgrepo", "role": "admin"}');
INSERT INTO logentry3 VALUES(18,10,15,1,14,'2026-11-19 04:03:43.541112',NULL,'{"username": "public", "repo": "orgrepo", "role": "read"}');
INSERT INTO logentry3 VALUES(19,5,15,1,14,'2026-11-20 04:03:43.541112',NULL,'{"repo": "orgrepo", "token": "deploytoken"}');
INSERT INTO logentry3 VALUES(20,42,15,5,14,'2026-11-24 04:03:43.541112',NULL,'{"username": "public", "repo": "orgrepo"}');
INSERT INTO logentry3 VALUES(21,41,15,5,14,'2026-11-24 04:03:43.541112',NULL,'{"username": "public", "repo": "orgrepo"}');
INSERT INTO logentry3 VALUES(22,41,15,NULL,14,'2026-11-24 04:03:43.541112',NULL,'{"token": "sometoken", "token_code": "somecode", "repo": "orgrepo"}');
INSERT INTO logentry3 VALUES(23,26,15,5,14,'2026-11-24 04:03:43.541112',NULL,'{"username": "public", "repo": "orgrepo", "tag": "sometag"}');
INSERT INTO logentry3 VALUES(24,41,15,NULL,14,'2026-11-24 04:03:43.541112',NULL,'{"token_code": "somecode", "repo": "orgrepo"}');
INSERT INTO logentry3 VALUES(25,41,5,NULL,8,'2026-11-23 18:00:00',NULL,'{"token_code": "somecode", "repo": "publicrepo"}');
INSERT INTO logentry3 VALUES(26,9,1,NULL,12,'2026-11-24 04:03:43.541112',NULL,'{"repo": "building", "namespace": "devtable", "trigger_id": "ba213a4e-fd03-46fa-9708-784557a770df", "config": {"build_source": "jakedt/testconnect", "subdir": "", "dockerfile_path": "Dockerfile", "context": "/"}, "service": "github"}');
INSERT INTO logentry3 VALUES(27,42,1,1,20,'2026-11-24 04:12:21.328128','127.0.0.1','{"repo": "real", "namespace": "devtable", "user-agent": "", "tag": "latest", "mediaType": "application/vnd.docker.distribution.manifest.v2+json", "username": "devtable", "resolved_ip": {"provider": "internet", "service": null, "sync_token": "1645662201", "country_iso_code": null, "aws_region": null, "continent": null}}');
INSERT INTO logentry3 VALUES(28,42,1,1,20,'2026-11-24 04:12:23.157866','127.0.0.1','{"repo": "real", "namespace": "devtable", "user-agent": "", "tag": "v1", "mediaType": "application/vnd.oci.image.manifest.v1+json", "username": "devtable", "resolved_ip": {"provider": "internet", "service": null, "sync_token": "1645662201", "country_iso_code": null, "aws_region": null, "continent": null}}');
INSERT INTO logentry3 VALUES(29,42,1,1,20,'2026-11-24 04:12:24.668274','127.0.0.1','{"repo": "real", "namespace": "devtable", "user-agent": "", "tag": "amd", "mediaType": "application/vnd.oci.image.manifest.v1+json", "username": "devtable", "resolved_ip": {"provider": "internet", "service": null, "sync_token": "1645662201", "country_iso_code": null, "aws_region": null, "continent": null}}');
INSERT INTO logentry3 VALUES(30,42,1,1,20,'2026-11-24 04:12:25.899703','127.0.0.1','{"repo": "real", "namespace": "devtable", "user-agent": "", "tag": "arm", "mediaType": "application/vnd.oci.image.manifest.v1+json", "username": "devtable", "resolved_ip": {"provider": "internet", "service": null, "sync_token": "1645662201", "country_iso_code": null, "aws_region": null, "continent": null}}');
INSERT INTO logentry3 VALUES(31,42,1,1,20,'2026-11-24 04:12:26.254096','127.0.0.1','{"repo": "real", "namespace": "devtable", "user-agent": "", "tag": "multi", "mediaType": "application/vnd.oci.image.index.v1+json", "username": "devtable", "resolved_ip": {"provider": "internet", "service": null, "sync_token": "1645662201", "country_iso_code": null, "aws_region": null, "continent": null}}');
INSERT INTO logentry3 VALUES(32,42,5,5,21,'2026-11-24 04:12:30.862863','127.0.0.1','{"repo": "realpublic", "namespace": "public", "user-agent": "", "tag": "latest", "mediaType": "application/vnd.docker.distribution.manifest.v2+json", "username": "public", "resolved_ip": {"provider": "internet", "service": null, "sync_token": "1645662201", "country_iso_code": null, "aws_region": null, "continent": null}}');
INSERT INTO logentry3 VALUES(33,42,5,5,21,'2026-11-24 04:12:32.444494','127.0.0.1','{"repo": "realpublic", "namespace": "public", "user-agent": "", "tag": "v1", "mediaType": "application/vnd.oci.image.manifest.v1+json", "username": "public", "resolved_ip": {"provider": "internet", "service": null, "sync_token": "1645662201", "country_iso_code": null, "aws_region": null, "continent": null}}');
INSERT INTO logentry3 VALUES(34,42,5,5,21,'2026-11-24 04:12:33.669124','127.0.0.1','{"repo": "realpublic", "namespace": "public", "user-agent": "", "tag": "amd", "mediaType": "application/vnd.oci.image.manifest.v1+json", "username": "public", "resolved_ip": {"provider": "internet", "service": null, "sync_token": "1645662201", "country_iso_code": null, "aws_region": null, "continent": null}}');
INSERT INTO logentry3 VALUES(35,42,5,5,21,'2026-11-24 04:12:35.060583','127.0.0.1','{"repo": "realpublic", "namespace": "public", "user-agent": "", "tag": "arm", "mediaType": "application/vnd.oci.image.manifest.v1+json", "username": "public", "resolved_ip": {"provider": "internet", "service": null, "sync_token": "1645662201", "country_iso_code": null, "aws_region": null, "continent": null}}');
INSERT INTO logentry3 VALUES(36,42,5,5,21,'2026-11-24 04:12:35.410744','127.0.0.1','{"repo": "realpublic", "namespace": "public", "user-agent": "", "tag": "multi", "mediaType": "application/vnd.oci.image.index.v1+json", "username": "public", "resolved_ip": {"provider": "internet", "service": null, "sync_token": "1645662201", "country_iso_code": null, "aws_region": null, "continent": null}}');
INSERT INTO logentry3 VALUES(37,42,15,1,22,'2026-11-24 04:12:40.211530','127.0.0.1','{"repo": "realorg", "namespace": "buynlarge", "user-agent": "", "tag": "latest", "mediaType": "application/vnd.docker.distribution.manifest.v2+json", "username": "devtable", "resolved_ip": {"provider": "internet", "service": null, "sync_token": "1645662201", "country_iso_code": null, "aws_region": null, "continent": null}}');
INSERT INTO logentry3 VALUES(38,42,15,1,22,'2026-11-24 04:12:42.132344','127.0.0.1','{"repo": "realorg", "namespace": "buynlarge", "user-agent": "", "tag": "v1", "mediaType": "application/vnd.oci.image.manifest.v1+json", "username": "devtable", "resolved_ip": {"provider": "internet", "service": null, "sync_token": "1645662201", "country_iso_code": null, "aws_region": null, "continent": null}}');
INSERT INTO logentry3 VALUES(39,42,15,1,22,'2026-11-24 04:12:43.735824','127.0.0.1','{"repo": "realorg", "namespace": "buynlarge", "user-agent": "", "tag": "amd", "mediaType": "application/vnd.oci.image.manifest.v1+json", "username": "devtable", "resolved_ip": {"provider": "internet", "service": null, "sync_token": "1645662201", "country_iso_code": null, "aws_region": null, "continent": null}}');
INSERT INTO logentry3 VALUES(40,42,15,1,22,'2026-11-24 04:12:45.386981','127.0.0.1','{"repo": "realorg", "namespace": "buynlarge", "user-agent": "", "tag": "arm", "mediaType": "application/vnd.oci.image.manifest.v1+json", "username": "devtable", "resolved_ip": {"provider": "internet", "service": null, "sync_token": "1645662201", "country_iso_code": null, "aws_region": null, "continent": null}}');
INSERT INTO logentry3 VALUES(41,42,15,1,22,'2026-11-24 04:12:45.870115','127.0.0.1','{"repo": "realorg", "namespace": "buynlarge", "user-agent": "", "tag": "multi", "mediaType": "application/vnd.oci.image.index.v1+json", "username": "devtable", "resolved_ip": {"provider": "internet", "service": null, "sync_token": "1645662201", "country_iso_code": null, "aws_region": null, "continent": null}}');
CREATE TABLE repomirrorrule (
	id INTEGER NOT NULL, 
	uuid VARCHAR(36) NOT NULL, 
	repository_id INTEGER NOT NULL, 
	creation_date DATETIME NOT NULL, 
	rule_type INTEGER NOT NULL, 
	rule_value TEXT NOT NULL, 
	left_child_id INTEGER, 
	right_child_id INTEGER, 
	CONSTRAINT pk_repomirrorrule PRIMARY KEY (id), 
	CONSTRAINT fk_repomirrorrule_left_child_id_repomirrorrule FOREIGN KEY(left_child_id) REFERENCES repomirrorrule (id), 
	CONSTRAINT fk_repomirrorrule_repository_id_repository FOREIGN KEY(repository_id) REFERENCES repository (id), 
	CONSTRAINT fk_repomirrorrule_right_child_id_repomirrorrule FOREIGN KEY(right_child_id) REFERENCES repomirrorrule (id)
);
INSERT INTO repomirrorrule VALUES(1,'846569d3-078e-4970-bfa2-3e6bf847e243',17,'2026-11-24 04:03:42.852380',1,'["latest", "3.3*"]',NULL,NULL);
CREATE TABLE robotaccounttoken (
	id INTEGER NOT NULL, 
	robot_account_id INTEGER NOT NULL, 
	token VARCHAR(255) NOT NULL, 
	fully_migrated BOOLEAN DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_robotaccounttoken PRIMARY KEY (id), 
	CONSTRAINT fk_robotaccounttoken_robot_account_id_user FOREIGN KEY(robot_account_id) REFERENCES user (id)
);
INSERT INTO robotaccounttoken VALUES(1,3,'v0$$05OhJOmE1YMywiTpCObipHoUY5BjDgHJOeSqaR5NicRem7ckh8gQmqIwa9zLGsLClpPyibuNXtfGs6WgHsAC5bniBB2qaJL0uZ4OegKnpP7ZkmDYdES9ZtiRtzO2',1);
INSERT INTO robotaccounttoken VALUES(2,4,'v0$$Ds6+4tvdbz0AXfzeFtrOXoGAQ2/XE1e8FjoMXDxW2fXkK1BL0vo9/yGSXhO3vs/GM9i8ejBZjy5qoA+8mKk+WiUdH0fBOB4UZmxptuYANXcUKVOJaaJNbrkSU+gx',1);
INSERT INTO robotaccounttoken VALUES(3,7,'v0$$YJF8qYaba/ICIiM/T9Uq7TytM9fJGQoR+OP+uqsyTpNF43juZkhecI0cvrMVxh2o3WLXLJCJXRE8qtru38/HYL4WwxHXNOWdQ/Gos4HVxaRQ2v7TwKKs7SGcm6sS',1);
INSERT INTO robotaccounttoken VALUES(4,21,'v0$$dsbIZ7PgA0rEg9ZOIcPk25/a+UdXOH4mgAq/DF9ymgRBlUnDU0ZOKusLNues2M+bmq+NLz3gJRcr+7c9bWJn3BAQXMt79H68S6LSO7uV6GMfr//B5J/l3uyU+CHQ',1);
INSERT INTO robotaccounttoken VALUES(5,23,'v0$$yGvR7gWgzLM19ZFF2XBTfY3u+yohXtPsuf6ZU3HZDunMF2ekIpdQUjl6a0KexhAnD5AmqX1K73JwDj1VRRCto6L/zioESXP6mnZP+vk0/Yn6wYAaav5jqt3ZzZbJ',1);
INSERT INTO robotaccounttoken VALUES(6,24,'v0$$HF30k8xmroMN54XvkMXZ80VBK5KxQ38yK6QxMeJ4wnjiDHRsaKJDWZJPj9QRtjslCOYDdvHVmlP3J5Hp4CKkI1636ABUkVBNGZnZZELLEJSqncI2v1t+ZIb77jmQ',1);
INSERT INTO robotaccounttoken VALUES(7,25,'v0$$xriqSdOBOGY7TWvRoaw1ozQyXU75apHArImx8R3vMBdwnyvjANz/ISuITENxWHi86MGAjG3R/Pje7h39dwbigxh5axjKiHW92jQtqqQMkIytQ/GaahB0u1PUpvnY',1);
CREATE TABLE IF NOT EXISTS "accesstoken" (
	id INTEGER NOT NULL, 
	friendly_name VARCHAR(255), 
	repository_id INTEGER NOT NULL, 
	created DATETIME NOT NULL, 
	role_id INTEGER NOT NULL, 
	"temporary" BOOLEAN NOT NULL, 
	kind_id INTEGER, 
	token_code VARCHAR(255) NOT NULL, 
	token_name VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_accesstoken PRIMARY KEY (id), 
	CONSTRAINT fk_accesstoken_repository_id_repository FOREIGN KEY(repository_id) REFERENCES repository (id), 
	CONSTRAINT fk_accesstoken_kind_id_accesstokenkind FOREIGN KEY(kind_id) REFERENCES accesstokenkind (id), 
	CONSTRAINT fk_accesstoken_role_id_role FOREIGN KEY(role_id) REFERENCES role (id)
);
INSERT INTO accesstoken VALUES(1,NULL,12,'2026-11-24 04:03:35.803775',2,1,1,'v0$$dQ4crugb1SSxJVvTG0jiG0uOHH5mjY8TuDdf3lGrym5AAGReuMTOGbiQ7yJCxpauOLDWXLX81+LOd/clMg==','6SXOKFBFXFQK0FH69MSVD3P7BQH18ZER');
CREATE TABLE IF NOT EXISTS "appspecificauthtoken" (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	uuid VARCHAR(36) NOT NULL, 
	title VARCHAR(255) NOT NULL, 
	created DATETIME NOT NULL, 
	expiration DATETIME, 
	last_accessed DATETIME, 
	token_name VARCHAR(255) NOT NULL, 
	token_secret VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_appspecificauthtoken PRIMARY KEY (id), 
	CONSTRAINT fk_appspecificauthtoken_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
);
INSERT INTO appspecificauthtoken VALUES(1,1,'7455c1c5-01ba-4a29-99d2-b104e44371b4','some app','2026-11-24 04:03:46.264849',NULL,NULL,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','v0$$dH3Gc/fCW7cWwHsQXLJMD2bNA059mpJ/6zcf59+3S9t1ImXIZa88dN0XGa/bFhwbHAEQYyjNBshBCImo7xou9oC4HL/5NU+4x/5AnSQ07YX0xEwcuaCzY2c=');
CREATE TABLE IF NOT EXISTS "oauthaccesstoken" (
	id INTEGER NOT NULL, 
	uuid VARCHAR(255) NOT NULL, 
	application_id INTEGER NOT NULL, 
	authorized_user_id INTEGER NOT NULL, 
	scope VARCHAR(255) NOT NULL, 
	token_type VARCHAR(255) NOT NULL, 
	expires_at DATETIME NOT NULL, 
	data TEXT NOT NULL, 
	token_code VARCHAR(255) NOT NULL, 
	token_name VARCHAR(255) NOT NULL, last_accessed DATETIME, created DATETIME, display_name VARCHAR(255), 
	CONSTRAINT pk_oauthaccesstoken PRIMARY KEY (id), 
	CONSTRAINT fk_oauthaccesstoken_application_id_oauthapplication FOREIGN KEY(application_id) REFERENCES oauthapplication (id), 
	CONSTRAINT fk_oauthaccesstoken_authorized_user_id_user FOREIGN KEY(authorized_user_id) REFERENCES user (id)
);
INSERT INTO oauthaccesstoken VALUES(1,'5b64f3fd-b319-4615-b508-08a1e2b5793d',1,1,'repo:admin','token','2026-11-24 06:33:36.473054','','$2b$12$mVymQta/h.anBdAmg4pGKecQgoY3SZR2yRS8U0LN.LCRHt4zVAs46','bbbbbbbbbbbbbbbbbbbb',NULL,'2026-11-24 04:03:37.240225',NULL);
CREATE TABLE IF NOT EXISTS "oauthapplication" (
	id INTEGER NOT NULL, 
	client_id VARCHAR(255) NOT NULL, 
	redirect_uri VARCHAR(255) NOT NULL, 
	application_uri VARCHAR(255) NOT NULL, 
	organization_id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	description TEXT NOT NULL, 
	gravatar_email VARCHAR(255), 
	secure_client_secret VARCHAR(255), 
	fully_migrated BOOLEAN DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_oauthapplication PRIMARY KEY (id), 
	CONSTRAINT fk_oauthapplication_organization_id_user FOREIGN KEY(organization_id) REFERENCES user (id)
);
INSERT INTO oauthapplication VALUES(1,'deadbeef','http://localhost:8000/o2c.html','http://localhost:8000',15,'Some Test App','',NULL,'v0$$ImLkYQutLsV7BmgfeMfh7+XrHID/ROMjspg+Q/WbI0Gz74P+jnuLvbgkLTO6qpChFyY6hJjc/LSZZ2XFntOQEK5dufbX',0);
INSERT INTO oauthapplication VALUES(2,'deadpork','http://localhost:8000/o2c.html','http://quay.io',15,'Some Other Test App','This is another test application',NULL,'v0$$L3WJ1Ta/iPFCQ+qqBobzbhkCxQN9C3tHrHsQYiF/wkD83jYlaNIAJSp+aP0Ii1UQI2K1Gugl1xb6c+moX+ol7tqkvp3N',0);
CREATE TABLE IF NOT EXISTS "oauthauthorizationcode" (
	id INTEGER NOT NULL, 
	application_id INTEGER NOT NULL, 
	scope VARCHAR(255) NOT NULL, 
	data TEXT NOT NULL, 
	code_credential VARCHAR(255) NOT NULL, 
	code_name VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_oauthauthorizationcode PRIMARY KEY (id), 
	CONSTRAINT fk_oauthauthorizationcode_application_id_oauthapplication FOREIGN KEY(application_id) REFERENCES oauthapplication (id)
);
INSERT INTO oauthauthorizationcode VALUES(1,1,'repo:admin','{"somejson": "goeshere"}','$2b$12$3IAxz95c/TNXAuQMIfzBFeiGWtW81Fm/3ZcFwzM7rp4w2r6EyspV6','Z932odswfhasdf1Z932o');
CREATE TABLE IF NOT EXISTS "repositorybuildtrigger" (
	id INTEGER NOT NULL, 
	uuid VARCHAR(255) NOT NULL, 
	service_id INTEGER NOT NULL, 
	repository_id INTEGER NOT NULL, 
	connected_user_id INTEGER NOT NULL, 
	config TEXT NOT NULL, 
	write_token_id INTEGER, 
	pull_robot_id INTEGER, 
	disabled_reason_id INTEGER, 
	enabled BOOLEAN DEFAULT 1 NOT NULL, 
	successive_failure_count INTEGER DEFAULT '0' NOT NULL, 
	successive_internal_error_count INTEGER DEFAULT '0' NOT NULL, 
	disabled_datetime DATETIME, 
	secure_auth_token VARCHAR(255), 
	secure_private_key TEXT, 
	fully_migrated BOOLEAN DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_repositorybuildtrigger PRIMARY KEY (id), 
	CONSTRAINT fk_repositorybuildtrigger_pull_robot_id_user FOREIGN KEY(pull_robot_id) REFERENCES user (id), 
	CONSTRAINT fk_repositorybuildtrigger_disabled_reason_id_disablereason FOREIGN KEY(disabled_reason_id) REFERENCES disablereason (id), 
	CONSTRAINT fk_repositorybuildtrigger_repository_id_repository FOREIGN KEY(repository_id) REFERENCES repository (id), 
	CONSTRAINT fk_repositorybuildtrigger_service_id_buildtriggerservice FOREIGN KEY(service_id) REFERENCES buildtriggerservice (id), 
	CONSTRAINT fk_repositorybuildtrigger_connected_user_id_user FOREIGN KEY(connected_user_id) REFERENCES user (id), 
	CONSTRAINT fk_repositorybuildtrigger_write_token_id_accesstoken FOREIGN KEY(write_token_id) REFERENCES accesstoken (id)
);
INSERT INTO repositorybuildtrigger VALUES(1,'ba213a4e-fd03-46fa-9708-784557a770df',1,12,1,'{"build_source": "jakedt/testconnect", "subdir": "", "dockerfile_path": "Dockerfile", "context": "/"}',NULL,3,NULL,1,0,0,'2026-11-24 04:03:35.807637','v0$$U6njI56cQhS/ZPo12rZLCIRHLE8l41SYTIy0Y/bnmatVt1ljsU69kOc=',NULL,0);
CREATE TABLE deletedrepository (
	id INTEGER NOT NULL, 
	repository_id INTEGER NOT NULL, 
	marked DATETIME NOT NULL, 
	original_name VARCHAR(255) NOT NULL, 
	queue_id VARCHAR(255), 
	CONSTRAINT pk_deletedrepository PRIMARY KEY (id), 
	CONSTRAINT fk_deletedrepository_repository_id_repository FOREIGN KEY(repository_id) REFERENCES repository (id)
);
CREATE TABLE manifestsecuritystatus (
	id INTEGER NOT NULL, 
	manifest_id INTEGER NOT NULL, 
	repository_id INTEGER NOT NULL, 
	index_status INTEGER NOT NULL, 
	error_json TEXT NOT NULL, 
	last_indexed DATETIME NOT NULL, 
	indexer_hash VARCHAR(128) NOT NULL, 
	indexer_version INTEGER NOT NULL, 
	metadata_json TEXT NOT NULL, 
	CONSTRAINT pk_manifestsecuritystatus PRIMARY KEY (id), 
	CONSTRAINT fk_manifestsecuritystatus_manifest_id_manifest FOREIGN KEY(manifest_id) REFERENCES manifest (id), 
	CONSTRAINT fk_manifestsecuritystatus_repository_id_repository FOREIGN KEY(repository_id) REFERENCES repository (id)
);
INSERT INTO manifestsecuritystatus VALUES(1,1,1,0,'{}','2026-11-24 04:03:28.393876','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(2,2,1,0,'{}','2026-11-24 04:03:28.563788','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(3,3,2,0,'{}','2026-11-24 04:03:28.832455','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(4,4,2,0,'{}','2026-11-24 04:03:28.994697','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(5,5,3,0,'{}','2026-11-24 04:03:29.550445','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(6,6,3,0,'{}','2026-11-24 04:03:29.660519','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(7,7,3,0,'{}','2026-11-24 04:03:29.755900','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(8,8,3,0,'{}','2026-11-24 04:03:29.888632','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(9,9,3,0,'{}','2026-11-24 04:03:30.012929','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(10,10,3,0,'{}','2026-11-24 04:03:30.189996','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(11,11,3,0,'{}','2026-11-24 04:03:30.375347','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(12,12,4,0,'{}','2026-11-24 04:03:30.728617','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(13,13,4,0,'{}','2026-11-24 04:03:30.940164','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(14,14,5,0,'{}','2026-11-24 04:03:31.162610','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(15,15,5,0,'{}','2026-11-24 04:03:31.326097','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(16,16,5,0,'{}','2026-11-24 04:03:31.573696','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(17,17,6,0,'{}','2026-11-24 04:03:31.845884','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(18,18,6,0,'{}','2026-11-24 04:03:32.040353','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(19,19,6,0,'{}','2026-11-24 04:03:32.261688','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(20,20,6,0,'{}','2026-11-24 04:03:32.479453','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(21,21,6,0,'{}','2026-11-24 04:03:33.198649','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(22,22,6,0,'{}','2026-11-24 04:03:33.588065','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(23,23,6,0,'{}','2026-11-24 04:03:33.867971','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(24,24,6,0,'{}','2026-11-24 04:03:34.144618','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(25,25,7,0,'{}','2026-11-24 04:03:34.376973','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(26,26,7,0,'{}','2026-11-24 04:03:34.529368','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(27,27,8,0,'{}','2026-11-24 04:03:34.851632','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(28,28,9,0,'{}','2026-11-24 04:03:35.105877','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(29,29,10,0,'{}','2026-11-24 04:03:35.496345','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(30,30,11,0,'{}','2026-11-24 04:03:35.713985','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(31,31,13,0,'{}','2026-11-24 04:03:36.050273','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(32,32,13,0,'{}','2026-11-24 04:03:36.251277','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(33,33,14,0,'{}','2026-11-24 04:03:38.064635','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(34,34,14,0,'{}','2026-11-24 04:03:38.241346','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(35,35,15,0,'{}','2026-11-24 04:03:38.584348','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(36,36,15,0,'{}','2026-11-24 04:03:38.758961','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(37,37,16,0,'{}','2026-11-24 04:03:39.241337','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(38,38,16,0,'{}','2026-11-24 04:03:39.430043','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(39,39,16,0,'{}','2026-11-24 04:03:39.693014','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(40,40,16,0,'{}','2026-11-24 04:03:39.882054','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(41,41,16,0,'{}','2026-11-24 04:03:40.103715','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(42,42,16,0,'{}','2026-11-24 04:03:40.267000','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(43,43,16,0,'{}','2026-11-24 04:03:40.437213','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(44,44,16,0,'{}','2026-11-24 04:03:40.617465','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(45,45,16,0,'{}','2026-11-24 04:03:40.780655','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(46,46,16,0,'{}','2026-11-24 04:03:40.951938','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(47,47,16,0,'{}','2026-11-24 04:03:41.085564','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(48,48,16,0,'{}','2026-11-24 04:03:41.151732','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(49,49,16,0,'{}','2026-11-24 04:03:41.279649','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(50,50,16,0,'{}','2026-11-24 04:03:41.611383','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(51,51,16,0,'{}','2026-11-24 04:03:41.845169','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(52,52,16,0,'{}','2026-11-24 04:03:42.193965','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(53,53,16,0,'{}','2026-11-24 04:03:42.345903','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(54,54,17,0,'{}','2026-11-24 04:03:42.659314','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(55,55,17,0,'{}','2026-11-24 04:03:42.839438','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(56,56,18,0,'{}','2026-11-24 04:03:43.288545','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(57,57,18,0,'{}','2026-11-24 04:03:43.494522','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(58,58,20,0,'{}','2026-11-24 04:12:21.178319','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(59,59,20,0,'{}','2026-11-24 04:12:23.062055','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(60,60,20,0,'{}','2026-11-24 04:12:24.497458','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(61,61,20,0,'{}','2026-11-24 04:12:25.835900','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(62,62,20,0,'{}','2026-11-24 04:12:26.090807','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(63,63,20,0,'{}','2026-11-24 04:12:27.249766','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(64,64,21,0,'{}','2026-11-24 04:12:30.776277','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(65,65,21,0,'{}','2026-11-24 04:12:32.333579','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(66,66,21,0,'{}','2026-11-24 04:12:33.599135','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(67,67,21,0,'{}','2026-11-24 04:12:34.944553','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(68,68,21,0,'{}','2026-11-24 04:12:35.329210','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(69,69,21,0,'{}','2026-11-24 04:12:36.357007','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(70,70,22,0,'{}','2026-11-24 04:12:40.120582','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(71,71,22,0,'{}','2026-11-24 04:12:41.999848','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(72,72,22,0,'{}','2026-11-24 04:12:43.595511','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(73,73,22,0,'{}','2026-11-24 04:12:45.151039','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(74,74,22,0,'{}','2026-11-24 04:12:45.705867','',4,'{}');
INSERT INTO manifestsecuritystatus VALUES(75,75,22,0,'{}','2026-11-24 04:12:46.892957','',4,'{}');
CREATE TABLE uploadedblob (
	id INTEGER NOT NULL, 
	repository_id INTEGER NOT NULL, 
	blob_id INTEGER NOT NULL, 
	uploaded_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	CONSTRAINT pk_uploadedblob PRIMARY KEY (id), 
	CONSTRAINT fk_uploadedblob_blob_id_imagestorage FOREIGN KEY(blob_id) REFERENCES imagestorage (id), 
	CONSTRAINT fk_uploadedblob_repository_id_repository FOREIGN KEY(repository_id) REFERENCES repository (id)
);
INSERT INTO uploadedblob VALUES(1,1,1,'2026-11-24 04:03:27.993072','2026-11-24 04:05:27.993045');
INSERT INTO uploadedblob VALUES(2,1,2,'2026-11-24 04:03:28.005808','2026-11-24 04:05:28.005780');
INSERT INTO uploadedblob VALUES(3,1,3,'2026-11-24 04:03:28.015978','2026-11-24 04:05:28.015956');
INSERT INTO uploadedblob VALUES(4,1,4,'2026-11-24 04:03:28.031247','2026-11-24 04:05:28.031223');
INSERT INTO uploadedblob VALUES(5,2,5,'2026-11-24 04:03:28.636559','2026-11-24 04:05:28.636526');
INSERT INTO uploadedblob VALUES(6,2,6,'2026-11-24 04:03:28.653117','2026-11-24 04:05:28.653080');
INSERT INTO uploadedblob VALUES(7,2,7,'2026-11-24 04:03:28.664555','2026-11-24 04:05:28.664524');
INSERT INTO uploadedblob VALUES(8,2,8,'2026-11-24 04:03:28.680637','2026-11-24 04:05:28.680606');
INSERT INTO uploadedblob VALUES(9,3,9,'2026-11-24 04:03:29.383627','2026-11-24 04:05:29.383593');
INSERT INTO uploadedblob VALUES(10,3,10,'2026-11-24 04:03:29.397425','2026-11-24 04:05:29.397388');
INSERT INTO uploadedblob VALUES(11,3,11,'2026-11-24 04:03:29.409163','2026-11-24 04:05:29.409125');
INSERT INTO uploadedblob VALUES(12,3,12,'2026-11-24 04:03:29.428775','2026-11-24 04:05:29.428742');
INSERT INTO uploadedblob VALUES(13,3,13,'2026-11-24 04:03:29.441415','2026-11-24 04:05:29.441382');
INSERT INTO uploadedblob VALUES(14,3,14,'2026-11-24 04:03:29.785158','2026-11-24 04:05:29.785132');
INSERT INTO uploadedblob VALUES(15,3,15,'2026-11-24 04:03:29.802679','2026-11-24 04:05:29.802652');
INSERT INTO uploadedblob VALUES(16,3,16,'2026-11-24 04:03:30.037732','2026-11-24 04:05:30.037706');
INSERT INTO uploadedblob VALUES(17,3,17,'2026-11-24 04:03:30.419129','2026-11-24 04:05:30.419101');
INSERT INTO uploadedblob VALUES(18,4,18,'2026-11-24 04:03:30.456630','2026-11-24 04:05:30.456597');
INSERT INTO uploadedblob VALUES(19,4,19,'2026-11-24 04:03:30.476507','2026-11-24 04:05:30.476477');
INSERT INTO uploadedblob VALUES(20,4,20,'2026-11-24 04:03:30.502702','2026-11-24 04:05:30.502672');
INSERT INTO uploadedblob VALUES(21,4,21,'2026-11-24 04:03:30.517564','2026-11-24 04:05:30.517525');
INSERT INTO uploadedblob VALUES(22,4,22,'2026-11-24 04:03:30.532442','2026-11-24 04:05:30.532419');
INSERT INTO uploadedblob VALUES(23,4,23,'2026-11-24 04:03:30.537861','2026-11-24 04:05:30.537842');
INSERT INTO uploadedblob VALUES(24,4,24,'2026-11-24 04:03:30.779609','2026-11-24 04:05:30.779589');
INSERT INTO uploadedblob VALUES(25,4,25,'2026-11-24 04:03:30.806882','2026-11-24 04:05:30.806864');
INSERT INTO uploadedblob VALUES(26,4,26,'2026-11-24 04:03:30.820793','2026-11-24 04:05:30.820774');
INSERT INTO uploadedblob VALUES(27,5,27,'2026-11-24 04:03:31.012892','2026-11-24 04:05:31.012873');
INSERT INTO uploadedblob VALUES(28,5,28,'2026-11-24 04:03:31.025808','2026-11-24 04:05:31.025790');
INSERT INTO uploadedblob VALUES(29,5,29,'2026-11-24 04:03:31.040065','2026-11-24 04:05:31.040046');
INSERT INTO uploadedblob VALUES(30,5,30,'2026-11-24 04:03:31.043599','2026-11-24 04:05:31.043584');
INSERT INTO uploadedblob VALUES(31,5,31,'2026-11-24 04:03:31.053893','2026-11-24 04:05:31.053868');
INSERT INTO uploadedblob VALUES(32,5,32,'2026-11-24 04:03:31.202600','2026-11-24 04:05:31.202552');
INSERT INTO uploadedblob VALUES(33,5,33,'2026-11-24 04:03:31.213424','2026-11-24 04:05:31.213392');
INSERT INTO uploadedblob VALUES(34,5,34,'2026-11-24 04:03:31.380161','2026-11-24 04:05:31.380129');
INSERT INTO uploadedblob VALUES(35,5,35,'2026-11-24 04:03:31.400769','2026-11-24 04:05:31.400750');
INSERT INTO uploadedblob VALUES(36,5,36,'2026-11-24 04:03:31.636948','2026-11-24 04:05:31.636920');
INSERT INTO uploadedblob VALUES(37,6,37,'2026-11-24 04:03:31.666259','2026-11-24 04:05:31.666216');
INSERT INTO uploadedblob VALUES(38,6,38,'2026-11-24 04:03:31.673584','2026-11-24 04:05:31.673565');
INSERT INTO uploadedblob VALUES(39,6,39,'2026-11-24 04:03:31.692816','2026-11-24 04:05:31.692784');
INSERT INTO uploadedblob VALUES(40,6,40,'2026-11-24 04:03:31.714015','2026-11-24 04:05:31.713987');
INSERT INTO uploadedblob VALUES(41,6,41,'2026-11-24 04:03:31.733169','2026-11-24 04:05:31.733150');
INSERT INTO uploadedblob VALUES(42,6,42,'2026-11-24 04:03:31.887373','2026-11-24 04:05:31.887336');
INSERT INTO uploadedblob VALUES(43,6,43,'2026-11-24 04:03:31.902052','2026-11-24 04:05:31.902023');
INSERT INTO uploadedblob VALUES(44,6,44,'2026-11-24 04:03:32.077999','2026-11-24 04:05:32.077975');
INSERT INTO uploadedblob VALUES(45,6,45,'2026-11-24 04:03:32.543406','2026-11-24 04:05:32.543374');
INSERT INTO uploadedblob VALUES(46,6,46,'2026-11-24 04:03:32.565228','2026-11-24 04:05:32.565196');
INSERT INTO uploadedblob VALUES(47,6,47,'2026-11-24 04:03:32.607084','2026-11-24 04:05:32.607060');
INSERT INTO uploadedblob VALUES(48,6,48,'2026-11-24 04:03:32.621544','2026-11-24 04:05:32.621513');
INSERT INTO uploadedblob VALUES(49,6,49,'2026-11-24 04:03:32.655929','2026-11-24 04:05:32.655908');
INSERT INTO uploadedblob VALUES(50,6,50,'2026-11-24 04:03:32.681872','2026-11-24 04:05:32.681852');
INSERT INTO uploadedblob VALUES(51,6,51,'2026-11-24 04:03:32.689925','2026-11-24 04:05:32.689908');
INSERT INTO uploadedblob VALUES(52,6,52,'2026-11-24 04:03:32.713203','2026-11-24 04:05:32.713185');
INSERT INTO uploadedblob VALUES(53,6,53,'2026-11-24 04:03:32.742869','2026-11-24 04:05:32.742842');
INSERT INTO uploadedblob VALUES(54,6,54,'2026-11-24 04:03:32.749266','2026-11-24 04:05:32.749230');
INSERT INTO uploadedblob VALUES(55,6,55,'2026-11-24 04:03:32.771745','2026-11-24 04:05:32.771717');
INSERT INTO uploadedblob VALUES(56,6,56,'2026-11-24 04:03:32.789916','2026-11-24 04:05:32.789896');
INSERT INTO uploadedblob VALUES(57,6,57,'2026-11-24 04:03:32.817552','2026-11-24 04:05:32.817531');
INSERT INTO uploadedblob VALUES(58,6,58,'2026-11-24 04:03:32.837366','2026-11-24 04:05:32.837334');
INSERT INTO uploadedblob VALUES(59,6,59,'2026-11-24 04:03:32.858471','2026-11-24 04:05:32.858418');
INSERT INTO uploadedblob VALUES(60,6,60,'2026-11-24 04:03:32.869255','2026-11-24 04:05:32.869236');
INSERT INTO uploadedblob VALUES(61,6,61,'2026-11-24 04:03:32.887243','2026-11-24 04:05:32.887213');
INSERT INTO uploadedblob VALUES(62,6,62,'2026-11-24 04:03:32.907360','2026-11-24 04:05:32.907319');
INSERT INTO uploadedblob VALUES(63,6,63,'2026-11-24 04:03:32.927051','2026-11-24 04:05:32.927018');
INSERT INTO uploadedblob VALUES(64,6,64,'2026-11-24 04:03:32.946541','2026-11-24 04:05:32.946509');
INSERT INTO uploadedblob VALUES(65,6,65,'2026-11-24 04:03:32.951824','2026-11-24 04:05:32.951805');
INSERT INTO uploadedblob VALUES(66,6,66,'2026-11-24 04:03:33.251573','2026-11-24 04:05:33.251548');
INSERT INTO uploadedblob VALUES(67,6,67,'2026-11-24 04:03:33.265861','2026-11-24 04:05:33.265834');
INSERT INTO uploadedblob VALUES(68,6,68,'2026-11-24 04:03:33.287647','2026-11-24 04:05:33.287607');
INSERT INTO uploadedblob VALUES(69,6,69,'2026-11-24 04:03:33.309935','2026-11-24 04:05:33.309898');
INSERT INTO uploadedblob VALUES(70,6,70,'2026-11-24 04:03:33.334815','2026-11-24 04:05:33.334785');
INSERT INTO uploadedblob VALUES(71,6,71,'2026-11-24 04:03:33.630479','2026-11-24 04:05:33.630427');
INSERT INTO uploadedblob VALUES(72,6,72,'2026-11-24 04:03:33.641465','2026-11-24 04:05:33.641433');
INSERT INTO uploadedblob VALUES(73,6,73,'2026-11-24 04:03:33.907814','2026-11-24 04:05:33.907778');
INSERT INTO uploadedblob VALUES(74,7,74,'2026-11-24 04:03:34.199898','2026-11-24 04:05:34.199877');
INSERT INTO uploadedblob VALUES(75,7,75,'2026-11-24 04:03:34.209346','2026-11-24 04:05:34.209315');
INSERT INTO uploadedblob VALUES(76,7,76,'2026-11-24 04:03:34.224512','2026-11-24 04:05:34.224493');
INSERT INTO uploadedblob VALUES(77,7,77,'2026-11-24 04:03:34.233992','2026-11-24 04:05:34.233969');
INSERT INTO uploadedblob VALUES(78,8,78,'2026-11-24 04:03:34.589405','2026-11-24 04:05:34.589386');
INSERT INTO uploadedblob VALUES(79,8,79,'2026-11-24 04:03:34.597767','2026-11-24 04:05:34.597748');
INSERT INTO uploadedblob VALUES(80,8,80,'2026-11-24 04:03:34.609156','2026-11-24 04:05:34.609136');
INSERT INTO uploadedblob VALUES(81,8,81,'2026-11-24 04:03:34.620768','2026-11-24 04:05:34.620741');
INSERT INTO uploadedblob VALUES(82,8,82,'2026-11-24 04:03:34.637735','2026-11-24 04:05:34.637716');
INSERT INTO uploadedblob VALUES(83,8,83,'2026-11-24 04:03:34.655445','2026-11-24 04:05:34.655425');
INSERT INTO uploadedblob VALUES(84,8,84,'2026-11-24 04:03:34.661826','2026-11-24 04:05:34.661806');
INSERT INTO uploadedblob VALUES(85,8,85,'2026-11-24 04:03:34.674865','2026-11-24 04:05:34.674841');
INSERT INTO uploadedblob VALUES(86,8,86,'2026-11-24 04:03:34.685454','2026-11-24 04:05:34.685434');
INSERT INTO uploadedblob VALUES(87,8,87,'2026-11-24 04:03:34.704038','2026-11-24 04:05:34.704016');
INSERT INTO uploadedblob VALUES(88,9,88,'2026-11-24 04:03:34.924352','2026-11-24 04:05:34.924317');
INSERT INTO uploadedblob VALUES(89,9,89,'2026-11-24 04:03:34.938724','2026-11-24 04:05:34.938702');
INSERT INTO uploadedblob VALUES(90,9,90,'2026-11-24 04:03:34.945432','2026-11-24 04:05:34.945404');
INSERT INTO uploadedblob VALUES(91,9,91,'2026-11-24 04:03:34.963821','2026-11-24 04:05:34.963790');
INSERT INTO uploadedblob VALUES(92,9,92,'2026-11-24 04:03:34.980329','2026-11-24 04:05:34.980298');
INSERT INTO uploadedblob VALUES(93,10,93,'2026-11-24 04:03:35.220679','2026-11-24 04:05:35.220642');
INSERT INTO uploadedblob VALUES(94,10,94,'2026-11-24 04:03:35.237862','2026-11-24 04:05:35.237827');
INSERT INTO uploadedblob VALUES(95,10,95,'2026-11-24 04:03:35.263690','2026-11-24 04:05:35.263657');
INSERT INTO uploadedblob VALUES(96,10,96,'2026-11-24 04:03:35.284662','2026-11-24 04:05:35.284628');
INSERT INTO uploadedblob VALUES(97,10,97,'2026-11-24 04:03:35.304797','2026-11-24 04:05:35.304758');
INSERT INTO uploadedblob VALUES(98,11,98,'2026-11-24 04:03:35.606844','2026-11-24 04:05:35.606823');
INSERT INTO uploadedblob VALUES(99,11,99,'2026-11-24 04:03:35.615538','2026-11-24 04:05:35.615521');
INSERT INTO uploadedblob VALUES(100,11,100,'2026-11-24 04:03:35.621317','2026-11-24 04:05:35.621299');
INSERT INTO uploadedblob VALUES(101,11,101,'2026-11-24 04:03:35.631528','2026-11-24 04:05:35.631497');
INSERT INTO uploadedblob VALUES(102,11,102,'2026-11-24 04:03:35.636149','2026-11-24 04:05:35.636131');
INSERT INTO uploadedblob VALUES(103,12,103,'2026-11-24 04:03:35.799327','2026-11-24 04:05:35.799292');
INSERT INTO uploadedblob VALUES(104,13,104,'2026-11-24 04:03:35.877290','2026-11-24 04:05:35.877273');
INSERT INTO uploadedblob VALUES(105,13,105,'2026-11-24 04:03:35.884239','2026-11-24 04:05:35.884223');
INSERT INTO uploadedblob VALUES(106,13,106,'2026-11-24 04:03:35.892233','2026-11-24 04:05:35.892214');
INSERT INTO uploadedblob VALUES(107,13,107,'2026-11-24 04:03:35.904332','2026-11-24 04:05:35.904313');
INSERT INTO uploadedblob VALUES(108,14,108,'2026-11-24 04:03:37.919208','2026-11-24 04:05:37.919169');
INSERT INTO uploadedblob VALUES(109,14,109,'2026-11-24 04:03:37.929874','2026-11-24 04:05:37.929845');
INSERT INTO uploadedblob VALUES(110,14,110,'2026-11-24 04:03:37.938218','2026-11-24 04:05:37.938103');
INSERT INTO uploadedblob VALUES(111,14,111,'2026-11-24 04:03:37.948429','2026-11-24 04:05:37.948396');
INSERT INTO uploadedblob VALUES(112,15,112,'2026-11-24 04:03:38.371075','2026-11-24 04:05:38.371041');
INSERT INTO uploadedblob VALUES(113,15,113,'2026-11-24 04:03:38.390427','2026-11-24 04:05:38.390392');
INSERT INTO uploadedblob VALUES(114,15,114,'2026-11-24 04:03:38.416170','2026-11-24 04:05:38.416141');
INSERT INTO uploadedblob VALUES(115,15,115,'2026-11-24 04:03:38.436145','2026-11-24 04:05:38.436117');
INSERT INTO uploadedblob VALUES(116,16,116,'2026-11-24 04:03:38.906267','2026-11-24 04:05:38.898105');
INSERT INTO uploadedblob VALUES(117,16,117,'2026-11-24 04:03:38.913682','2026-11-24 04:05:38.913655');
INSERT INTO uploadedblob VALUES(118,16,118,'2026-11-24 04:03:38.944678','2026-11-24 04:05:38.944650');
INSERT INTO uploadedblob VALUES(119,16,119,'2026-11-24 04:03:38.960393','2026-11-24 04:05:38.960368');
INSERT INTO uploadedblob VALUES(120,16,120,'2026-11-24 04:03:38.980932','2026-11-24 04:05:38.980909');
INSERT INTO uploadedblob VALUES(121,16,121,'2026-11-24 04:03:39.003286','2026-11-24 04:05:39.003262');
INSERT INTO uploadedblob VALUES(122,16,122,'2026-11-24 04:03:39.017773','2026-11-24 04:05:39.017747');
INSERT INTO uploadedblob VALUES(123,16,123,'2026-11-24 04:03:39.039148','2026-11-24 04:05:39.039124');
INSERT INTO uploadedblob VALUES(124,16,124,'2026-11-24 04:03:39.057748','2026-11-24 04:05:39.057724');
INSERT INTO uploadedblob VALUES(125,16,125,'2026-11-24 04:03:39.069646','2026-11-24 04:05:39.069624');
INSERT INTO uploadedblob VALUES(126,16,126,'2026-11-24 04:03:39.306631','2026-11-24 04:05:39.306603');
INSERT INTO uploadedblob VALUES(127,16,127,'2026-11-24 04:03:39.346259','2026-11-24 04:05:39.346236');
INSERT INTO uploadedblob VALUES(128,16,128,'2026-11-24 04:03:39.478862','2026-11-24 04:05:39.478840');
INSERT INTO uploadedblob VALUES(129,16,129,'2026-11-24 04:03:39.489002','2026-11-24 04:05:39.488980');
INSERT INTO uploadedblob VALUES(130,16,130,'2026-11-24 04:03:39.744931','2026-11-24 04:05:39.744910');
INSERT INTO uploadedblob VALUES(131,16,131,'2026-11-24 04:03:39.966736','2026-11-24 04:05:39.966704');
INSERT INTO uploadedblob VALUES(132,16,132,'2026-11-24 04:03:39.992224','2026-11-24 04:05:39.992192');
INSERT INTO uploadedblob VALUES(133,16,133,'2026-11-24 04:03:40.137719','2026-11-24 04:05:40.137698');
INSERT INTO uploadedblob VALUES(134,16,134,'2026-11-24 04:03:40.148159','2026-11-24 04:05:40.148140');
INSERT INTO uploadedblob VALUES(135,16,135,'2026-11-24 04:03:40.299429','2026-11-24 04:05:40.299410');
INSERT INTO uploadedblob VALUES(136,16,136,'2026-11-24 04:03:40.307611','2026-11-24 04:05:40.307589');
INSERT INTO uploadedblob VALUES(137,16,137,'2026-11-24 04:03:40.489021','2026-11-24 04:05:40.488997');
INSERT INTO uploadedblob VALUES(138,16,138,'2026-11-24 04:03:40.508307','2026-11-24 04:05:40.508271');
INSERT INTO uploadedblob VALUES(139,16,139,'2026-11-24 04:03:40.650827','2026-11-24 04:05:40.650796');
INSERT INTO uploadedblob VALUES(140,16,140,'2026-11-24 04:03:40.662830','2026-11-24 04:05:40.662805');
INSERT INTO uploadedblob VALUES(141,16,141,'2026-11-24 04:03:40.831295','2026-11-24 04:05:40.831259');
INSERT INTO uploadedblob VALUES(142,16,142,'2026-11-24 04:03:40.858657','2026-11-24 04:05:40.858633');
INSERT INTO uploadedblob VALUES(143,16,143,'2026-11-24 04:03:40.994471','2026-11-24 04:05:40.994436');
INSERT INTO uploadedblob VALUES(144,16,144,'2026-11-24 04:03:41.004403','2026-11-24 04:05:41.004374');
INSERT INTO uploadedblob VALUES(145,16,145,'2026-11-24 04:03:41.105584','2026-11-24 04:05:41.105559');
INSERT INTO uploadedblob VALUES(146,16,146,'2026-11-24 04:03:41.110881','2026-11-24 04:05:41.110861');
INSERT INTO uploadedblob VALUES(147,16,147,'2026-11-24 04:03:41.167265','2026-11-24 04:05:41.167244');
INSERT INTO uploadedblob VALUES(148,16,148,'2026-11-24 04:03:41.172320','2026-11-24 04:05:41.172297');
INSERT INTO uploadedblob VALUES(149,16,149,'2026-11-24 04:03:41.375265','2026-11-24 04:05:41.375092');
INSERT INTO uploadedblob VALUES(150,16,150,'2026-11-24 04:03:41.428508','2026-11-24 04:05:41.428481');
INSERT INTO uploadedblob VALUES(151,16,151,'2026-11-24 04:03:41.644856','2026-11-24 04:05:41.644821');
INSERT INTO uploadedblob VALUES(152,16,152,'2026-11-24 04:03:41.689381','2026-11-24 04:05:41.689345');
INSERT INTO uploadedblob VALUES(153,16,153,'2026-11-24 04:03:41.915820','2026-11-24 04:05:41.915786');
INSERT INTO uploadedblob VALUES(154,16,154,'2026-11-24 04:03:42.021338','2026-11-24 04:05:42.021304');
INSERT INTO uploadedblob VALUES(155,16,155,'2026-11-24 04:03:42.234322','2026-11-24 04:05:42.234279');
INSERT INTO uploadedblob VALUES(156,16,156,'2026-11-24 04:03:42.240931','2026-11-24 04:05:42.240912');
INSERT INTO uploadedblob VALUES(157,17,157,'2026-11-24 04:03:42.436849','2026-11-24 04:05:42.436823');
INSERT INTO uploadedblob VALUES(158,17,158,'2026-11-24 04:03:42.467950','2026-11-24 04:05:42.467927');
INSERT INTO uploadedblob VALUES(159,17,159,'2026-11-24 04:03:42.481649','2026-11-24 04:05:42.481627');
INSERT INTO uploadedblob VALUES(160,17,160,'2026-11-24 04:03:42.497083','2026-11-24 04:05:42.497063');
INSERT INTO uploadedblob VALUES(161,18,161,'2026-11-24 04:03:42.923419','2026-11-24 04:05:42.923386');
INSERT INTO uploadedblob VALUES(162,18,162,'2026-11-24 04:03:42.941577','2026-11-24 04:05:42.941556');
INSERT INTO uploadedblob VALUES(163,18,163,'2026-11-24 04:03:42.953250','2026-11-24 04:05:42.953220');
INSERT INTO uploadedblob VALUES(164,18,164,'2026-11-24 04:03:42.976300','2026-11-24 04:05:42.976263');
INSERT INTO uploadedblob VALUES(165,20,165,'2026-11-24 04:12:19.393623','2026-11-24 05:12:19.393592');
INSERT INTO uploadedblob VALUES(166,20,166,'2026-11-24 04:12:19.853483','2026-11-24 05:12:19.853455');
INSERT INTO uploadedblob VALUES(167,20,167,'2026-11-24 04:12:20.500083','2026-11-24 05:12:20.500044');
INSERT INTO uploadedblob VALUES(168,20,168,'2026-11-24 04:12:20.926685','2026-11-24 05:12:20.926656');
INSERT INTO uploadedblob VALUES(169,20,169,'2026-11-24 04:12:21.800002','2026-11-24 05:12:21.799967');
INSERT INTO uploadedblob VALUES(170,20,166,'2026-11-24 04:12:22.210945','2026-11-24 05:12:22.210922');
INSERT INTO uploadedblob VALUES(171,20,167,'2026-11-24 04:12:22.529374','2026-11-24 05:12:22.529345');
INSERT INTO uploadedblob VALUES(172,20,168,'2026-11-24 04:12:22.906537','2026-11-24 05:12:22.906510');
INSERT INTO uploadedblob VALUES(173,20,170,'2026-11-24 04:12:23.559715','2026-11-24 05:12:23.559697');
INSERT INTO uploadedblob VALUES(174,20,166,'2026-11-24 04:12:23.952147','2026-11-24 05:12:23.952127');
INSERT INTO uploadedblob VALUES(175,20,167,'2026-11-24 04:12:24.292211','2026-11-24 05:12:24.292189');
INSERT INTO uploadedblob VALUES(176,20,171,'2026-11-24 04:12:25.028201','2026-11-24 05:12:25.028174');
INSERT INTO uploadedblob VALUES(177,20,172,'2026-11-24 04:12:25.350038','2026-11-24 05:12:25.350019');
INSERT INTO uploadedblob VALUES(178,20,173,'2026-11-24 04:12:25.702978','2026-11-24 05:12:25.702958');
INSERT INTO uploadedblob VALUES(179,20,174,'2026-11-24 04:12:26.688604','2026-11-24 05:12:26.688578');
INSERT INTO uploadedblob VALUES(180,20,175,'2026-11-24 04:12:27.092301','2026-11-24 05:12:27.092281');
INSERT INTO uploadedblob VALUES(181,21,176,'2026-11-24 04:12:29.485592','2026-11-24 05:12:29.485572');
INSERT INTO uploadedblob VALUES(182,21,177,'2026-11-24 04:12:29.863340','2026-11-24 05:12:29.863320');
INSERT INTO uploadedblob VALUES(183,21,178,'2026-11-24 04:12:30.273102','2026-11-24 05:12:30.273083');
INSERT INTO uploadedblob VALUES(184,21,179,'2026-11-24 04:12:30.581402','2026-11-24 05:12:30.581373');
INSERT INTO uploadedblob VALUES(185,21,180,'2026-11-24 04:12:31.205223','2026-11-24 05:12:31.205200');
INSERT INTO uploadedblob VALUES(186,21,177,'2026-11-24 04:12:31.530923','2026-11-24 05:12:31.530901');
INSERT INTO uploadedblob VALUES(187,21,178,'2026-11-24 04:12:31.836384','2026-11-24 05:12:31.836363');
INSERT INTO uploadedblob VALUES(188,21,179,'2026-11-24 04:12:32.204337','2026-11-24 05:12:32.202249');
INSERT INTO uploadedblob VALUES(189,21,181,'2026-11-24 04:12:32.836517','2026-11-24 05:12:32.836487');
INSERT INTO uploadedblob VALUES(190,21,177,'2026-11-24 04:12:33.084029','2026-11-24 05:12:33.084006');
INSERT INTO uploadedblob VALUES(191,21,178,'2026-11-24 04:12:33.403823','2026-11-24 05:12:33.403802');
INSERT INTO uploadedblob VALUES(192,21,182,'2026-11-24 04:12:34.001100','2026-11-24 05:12:34.001081');
INSERT INTO uploadedblob VALUES(193,21,183,'2026-11-24 04:12:34.359467','2026-11-24 05:12:34.359375');
INSERT INTO uploadedblob VALUES(194,21,184,'2026-11-24 04:12:34.745447','2026-11-24 05:12:34.745422');
INSERT INTO uploadedblob VALUES(195,21,174,'2026-11-24 04:12:35.743915','2026-11-24 05:12:35.743895');
INSERT INTO uploadedblob VALUES(196,21,185,'2026-11-24 04:12:36.224479','2026-11-24 05:12:36.224457');
INSERT INTO uploadedblob VALUES(197,22,186,'2026-11-24 04:12:38.683972','2026-11-24 05:12:38.683952');
INSERT INTO uploadedblob VALUES(198,22,187,'2026-11-24 04:12:39.095330','2026-11-24 05:12:39.095294');
INSERT INTO uploadedblob VALUES(199,22,188,'2026-11-24 04:12:39.509571','2026-11-24 05:12:39.509550');
INSERT INTO uploadedblob VALUES(200,22,189,'2026-11-24 04:12:39.920406','2026-11-24 05:12:39.920388');
INSERT INTO uploadedblob VALUES(201,22,190,'2026-11-24 04:12:40.665515','2026-11-24 05:12:40.665494');
INSERT INTO uploadedblob VALUES(202,22,187,'2026-11-24 04:12:41.043659','2026-11-24 05:12:41.043630');
INSERT INTO uploadedblob VALUES(203,22,188,'2026-11-24 04:12:41.412386','2026-11-24 05:12:41.412366');
INSERT INTO uploadedblob VALUES(204,22,189,'2026-11-24 04:12:41.815620','2026-11-24 05:12:41.815586');
INSERT INTO uploadedblob VALUES(205,22,191,'2026-11-24 04:12:42.609710','2026-11-24 05:12:42.609690');
INSERT INTO uploadedblob VALUES(206,22,187,'2026-11-24 04:12:43.083821','2026-11-24 05:12:43.083802');
INSERT INTO uploadedblob VALUES(207,22,188,'2026-11-24 04:12:43.456805','2026-11-24 05:12:43.456776');
INSERT INTO uploadedblob VALUES(208,22,192,'2026-11-24 04:12:44.151919','2026-11-24 05:12:44.151901');
INSERT INTO uploadedblob VALUES(209,22,193,'2026-11-24 04:12:44.541084','2026-11-24 05:12:44.541066');
INSERT INTO uploadedblob VALUES(210,22,194,'2026-11-24 04:12:44.969577','2026-11-24 05:12:44.969556');
INSERT INTO uploadedblob VALUES(211,22,174,'2026-11-24 04:12:46.336550','2026-11-24 05:12:46.336523');
INSERT INTO uploadedblob VALUES(212,22,195,'2026-11-24 04:12:46.725775','2026-11-24 05:12:46.725756');
CREATE TABLE userorganizationquota (
	id INTEGER NOT NULL, 
	namespace_id INTEGER NOT NULL, 
	limit_bytes BIGINT NOT NULL, 
	CONSTRAINT pk_userorganizationquota PRIMARY KEY (id), 
	CONSTRAINT fk_userorganizationquota_organization FOREIGN KEY(namespace_id) REFERENCES user (id)
);
INSERT INTO userorganizationquota VALUES(1,15,3000);
INSERT INTO userorganizationquota VALUES(2,8,6000);
INSERT INTO userorganizationquota VALUES(3,28,3000);
CREATE TABLE quotatype (
	id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_quotatype PRIMARY KEY (id)
);
INSERT INTO quotatype VALUES(1,'Warning');
INSERT INTO quotatype VALUES(2,'Reject');
INSERT INTO quotatype VALUES(3,'Warning');
INSERT INTO quotatype VALUES(4,'Reject');
CREATE TABLE quotalimits (
	id INTEGER NOT NULL, 
	quota_id INTEGER NOT NULL, 
	quota_type_id INTEGER NOT NULL, 
	percent_of_limit INTEGER NOT NULL, 
	CONSTRAINT pk_quotalimits PRIMARY KEY (id), 
	CONSTRAINT fk_quotalimit_type FOREIGN KEY(quota_type_id) REFERENCES quotatype (id), 
	CONSTRAINT fk_quotalimit_id FOREIGN KEY(quota_id) REFERENCES userorganizationquota (id)
);
INSERT INTO quotalimits VALUES(1,1,1,50);
INSERT INTO quotalimits VALUES(2,2,2,90);
INSERT INTO quotalimits VALUES(3,3,1,50);
CREATE TABLE IF NOT EXISTS "proxycacheconfig" (
	id INTEGER NOT NULL, 
	organization_id INTEGER NOT NULL, 
	creation_date DATETIME NOT NULL, 
	upstream_registry VARCHAR(2048) NOT NULL, 
	upstream_registry_username VARCHAR(4096), 
	upstream_registry_password VARCHAR(4096), 
	expiration_s INTEGER DEFAULT '86400', 
	insecure BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_proxy_cache_config PRIMARY KEY (id), 
	CONSTRAINT fk_proxy_cache_config_organization_id FOREIGN KEY(organization_id) REFERENCES user (id)
);
INSERT INTO proxycacheconfig VALUES(1,22,'2026-11-24 04:03:36.459530','docker.io',NULL,NULL,86400,0);
CREATE TABLE quotanamespacesize (
	id INTEGER NOT NULL, 
	namespace_user_id INTEGER NOT NULL, 
	size_bytes BIGINT DEFAULT '0' NOT NULL, 
	backfill_start_ms BIGINT, 
	backfill_complete BOOLEAN DEFAULT (0) NOT NULL, 
	CONSTRAINT pk_quotanamespacesizeid PRIMARY KEY (id), 
	CONSTRAINT fk_quotanamespacesize_namespace_user_id_user FOREIGN KEY(namespace_user_id) REFERENCES user (id)
);
INSERT INTO quotanamespacesize VALUES(1,8,92,0,1);
INSERT INTO quotanamespacesize VALUES(2,1,5828,0,1);
INSERT INTO quotanamespacesize VALUES(3,5,3078,0,1);
INSERT INTO quotanamespacesize VALUES(4,13,115,0,1);
INSERT INTO quotanamespacesize VALUES(5,16,92,0,1);
INSERT INTO quotanamespacesize VALUES(6,15,3041,0,1);
CREATE TABLE quotarepositorysize (
	id INTEGER NOT NULL, 
	repository_id INTEGER NOT NULL, 
	size_bytes BIGINT DEFAULT '0' NOT NULL, 
	backfill_start_ms BIGINT, 
	backfill_complete BOOLEAN DEFAULT (0) NOT NULL, 
	CONSTRAINT pk_quotarepositorysizeid PRIMARY KEY (id), 
	CONSTRAINT fk_quotarepositorysize_repository_id_repository FOREIGN KEY(repository_id) REFERENCES repository (id)
);
INSERT INTO quotarepositorysize VALUES(1,1,92,0,1);
INSERT INTO quotarepositorysize VALUES(2,2,92,0,1);
INSERT INTO quotarepositorysize VALUES(3,3,184,0,1);
INSERT INTO quotarepositorysize VALUES(4,4,207,0,1);
INSERT INTO quotarepositorysize VALUES(5,5,207,0,1);
INSERT INTO quotarepositorysize VALUES(6,6,861,0,1);
INSERT INTO quotarepositorysize VALUES(7,7,92,0,1);
INSERT INTO quotarepositorysize VALUES(8,8,230,0,1);
INSERT INTO quotarepositorysize VALUES(9,9,115,0,1);
INSERT INTO quotarepositorysize VALUES(10,10,115,0,1);
INSERT INTO quotarepositorysize VALUES(11,11,115,0,1);
INSERT INTO quotarepositorysize VALUES(12,13,92,0,1);
INSERT INTO quotarepositorysize VALUES(13,14,92,0,1);
INSERT INTO quotarepositorysize VALUES(14,15,92,0,1);
INSERT INTO quotarepositorysize VALUES(15,16,943,0,1);
INSERT INTO quotarepositorysize VALUES(16,17,92,0,1);
INSERT INTO quotarepositorysize VALUES(17,18,92,0,1);
INSERT INTO quotarepositorysize VALUES(18,20,2828,0,1);
INSERT INTO quotarepositorysize VALUES(19,21,2848,0,1);
INSERT INTO quotarepositorysize VALUES(20,22,2857,0,1);
CREATE TABLE redhatsubscriptions (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	account_number INTEGER NOT NULL, 
	CONSTRAINT pk_redhatsubscriptions PRIMARY KEY (id), 
	CONSTRAINT fk_redhatsubscriptions FOREIGN KEY(user_id) REFERENCES user (id)
);
CREATE TABLE quotaregistrysize (
	id INTEGER NOT NULL, 
	size_bytes BIGINT DEFAULT '0' NOT NULL, 
	running BOOLEAN DEFAULT (0) NOT NULL, 
	queued BOOLEAN DEFAULT (0) NOT NULL, 
	completed_ms BIGINT, 
	CONSTRAINT pk_quotaregistrysizeid PRIMARY KEY (id)
);
CREATE TABLE IF NOT EXISTS "user" (
	id INTEGER NOT NULL, 
	uuid VARCHAR(36), 
	username VARCHAR(255) NOT NULL, 
	password_hash VARCHAR(255), 
	email VARCHAR(255) NOT NULL, 
	verified BOOLEAN NOT NULL, 
	stripe_id VARCHAR(255), 
	organization BOOLEAN NOT NULL, 
	robot BOOLEAN NOT NULL, 
	invoice_email BOOLEAN NOT NULL, 
	invalid_login_attempts INTEGER DEFAULT '0' NOT NULL, 
	last_invalid_login DATETIME NOT NULL, 
	removed_tag_expiration_s BIGINT DEFAULT '1209600' NOT NULL, 
	enabled BOOLEAN DEFAULT 1 NOT NULL, 
	invoice_email_address VARCHAR(255), 
	company VARCHAR(255), 
	family_name VARCHAR(255), 
	given_name VARCHAR(255), 
	location VARCHAR(255), 
	maximum_queued_builds_count INTEGER, 
	creation_date DATETIME, 
	last_accessed DATETIME, 
	CONSTRAINT pk_user PRIMARY KEY (id)
);
INSERT INTO user VALUES(1,'6c650753-a353-419e-9d00-85623838c97b','devtable','$2b$12$afYT5qsUXVXMcEq4JBpod.oFws6f76hi606XpuyXtBnher/jJbKsC','jschorr@devtable.com',1,'cus_2tmnh3PkXQS8NG',0,0,0,0,'2026-11-24 04:03:20.460380',1209600,1,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-24 04:03:20.460385',NULL);
INSERT INTO user VALUES(2,'bcf6ee08-6d6e-4a63-8193-ecc84e945e25','disabled','$2b$12$Wg79YvqK7iMdSWKzLXPNYO9RgDNkGhiu9q67YAQ..6dajtcLbMjV2','jschorr+disabled@devtable.com',1,NULL,0,0,0,0,'2026-11-24 04:03:21.796353',1209600,0,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-24 04:03:21.796362',NULL);
INSERT INTO user VALUES(3,'b6a62059-1e0d-488e-a6dd-6d7049636615','devtable+dtrobot',NULL,'09f34246-2af4-4804-bcf2-7d68a76ef177',0,NULL,0,1,0,0,'2026-11-24 04:03:22.464884',1209600,1,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-24 04:03:22.464890',NULL);
INSERT INTO user VALUES(4,'654b7bf9-c6e4-4d8d-b7c5-490221e841ff','devtable+dtrobot2',NULL,'46335e2c-4dd1-4fe2-846f-ca09f6d12caa',0,NULL,0,1,0,0,'2026-11-24 04:03:22.472680',1209600,1,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-24 04:03:22.472686',NULL);
INSERT INTO user VALUES(5,'ce392470-989e-43f6-9bc6-7e032e3ef558','public','$2b$12$qvoHP.oTn6JJls8cIyRA9eSigTnpuWdyunZbC9vreVK8spWFbhXfO','jacob.moshenko@gmail.com',1,NULL,0,0,0,0,'2026-11-24 04:03:22.480831',1209600,1,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-24 04:03:22.480836',NULL);
INSERT INTO user VALUES(6,'550c32d3-15b7-447b-aed4-2b4e4ff24692','freshuser','$2b$12$IkdZibuX/M9LhT7VJaMLve8sOtPjO1qRusohk4e3NMixHhf6NBuT.','jschorr+test@devtable.com',1,NULL,0,0,0,0,'2026-11-24 04:03:23.168766',1209600,1,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-24 04:03:23.168771',NULL);
INSERT INTO user VALUES(7,'772fc7e2-edaa-4248-bf12-185359a6dcbd','freshuser+anotherrobot',NULL,'96320e96-7491-4e4d-b084-71a9395c3863',0,NULL,0,1,0,0,'2026-11-24 04:03:23.787617',1209600,1,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-24 04:03:23.787623',NULL);
INSERT INTO user VALUES(8,'a2a349db-73e5-46f3-b6c4-3d9b2ef89656','randomuser','$2b$12$0JkHIAkVGYRHdfQ7OGf2t.W7e1CubXpsYCaMTOWHSFvEb7KRfNFra','no4@thanks.com',1,NULL,0,0,0,0,'2026-11-24 04:03:23.805784',1209600,1,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-24 04:03:23.805791',NULL);
INSERT INTO user VALUES(9,'2c3cdb65-1bfc-4f4c-935d-d4eade7585b2','unverified','$2b$12$EZNNc7XlghoVKoFT4Pjx6utxLQQ5zPCOsLT3Q8IxsLBz.GgOI1tmu','no5@thanks.com',0,NULL,0,0,0,0,'2026-11-24 04:03:24.366973',1209600,1,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-24 04:03:24.366979',NULL);
INSERT INTO user VALUES(10,'3899befb-17a8-49ad-802c-44fe5e090953','reader','$2b$12$cpRJXKLElYd/cgHSChHNqeX1p0g.5VVsHiDn3r8cKjqp0pRozFpEa','no1@thanks.com',1,NULL,0,0,0,0,'2026-11-24 04:03:24.882057',1209600,1,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-24 04:03:24.882062',NULL);
INSERT INTO user VALUES(11,'36644d9a-bcfd-4812-9341-e699b04e9f43','creator','$2b$12$VNL3uQ9o2jKWNWgObX5AxOSg/ean7ygyISRx3fk.hZ3W8Gkmzt1Oy','noc@thanks.com',1,NULL,0,0,0,0,'2026-11-24 04:03:25.524631',1209600,1,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-24 04:03:25.524638',NULL);
INSERT INTO user VALUES(12,'fabfe118-7460-44bc-b1fc-cdec7aaf513b','member','$2b$12$EcdbSGI.kG1gtRQGGio7meB52adwG1PJdxZS3IJidcwMUUrqk234u','nod@thanks.com',1,NULL,0,0,0,0,'2026-11-24 04:03:26.059880',1209600,1,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-24 04:03:26.059885',NULL);
INSERT INTO user VALUES(13,'99b29152-4125-4ff8-92bc-72459fcd50e4','outsideorg','$2b$12$qEHSZt4wsff47QAPRTLyIuRVLEHd.nY7gkn.3nHllsbS2Rjzq3coK','no2@thanks.com',1,NULL,0,0,0,0,'2026-11-24 04:03:26.714950',1209600,1,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-24 04:03:26.714960',NULL);
INSERT INTO user VALUES(14,'50aea8ab-a360-4aa4-add9-0a9c180355da','subscription','$2b$12$QWic1L.iGIqjcakk2U5mtuRrWj4UWNYfQlpeqFw2I/H9bNWlWBJdy','subscriptions@devtable.com',1,NULL,0,0,0,0,'2026-11-24 04:03:27.289788',1209600,1,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-24 04:03:27.289799',NULL);
INSERT INTO user VALUES(15,'3d96f6bd-802d-4ad9-aff6-9397afed7507','buynlarge',NULL,'quay@devtable.com',0,'cus_2tmnh3PkXQS8NG',1,0,0,0,'2026-11-24 04:03:35.833205',1209600,1,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-24 04:03:35.833212',NULL);
INSERT INTO user VALUES(16,'f8c4bd29-a19b-470b-814f-4e3b41f983d8','testorgforautoprune',NULL,'autoprune@devtable.com',0,NULL,1,0,0,0,'2026-11-24 04:03:35.858718',1209600,1,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-24 04:03:35.858728',NULL);
INSERT INTO user VALUES(17,'608cb8cc-9a48-484f-bc39-199242a0ef7b','library',NULL,'quay+library@devtable.com',0,NULL,1,0,0,0,'2026-11-24 04:03:36.334912',1209600,1,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-24 04:03:36.334921',NULL);
INSERT INTO user VALUES(18,'b9d978cb-3775-4706-b5f4-91dee08038fb','titi',NULL,'quay+titi@devtable.com',0,NULL,1,0,0,0,'2026-11-24 04:03:36.367097',1209600,1,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-24 04:03:36.367103',NULL);
INSERT INTO user VALUES(19,'78e7e93b-9518-4b88-b5bf-0943fc01b85f','sellnsmall',NULL,'quay+sell@devtable.com',0,NULL,1,0,0,0,'2026-11-24 04:03:36.391024',1209600,1,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-24 04:03:36.391033',NULL);
INSERT INTO user VALUES(20,'5fd9f809-d797-4cb9-b8e8-d95005b31540','subscriptionsorg',NULL,'quay+subscriptionsorg@devtable.com',0,NULL,1,0,0,0,'2026-11-24 04:03:36.412856',1209600,1,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-24 04:03:36.412862',NULL);
INSERT INTO user VALUES(21,'fcf744d1-ddd7-44ff-a51f-9d3b26f86e8d','buynlarge+coolrobot',NULL,'87598eb5-8094-4dfd-b4bb-d15b910c3c04',0,NULL,0,1,0,0,'2026-11-24 04:03:36.421518',1209600,1,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-24 04:03:36.421524',NULL);
INSERT INTO user VALUES(22,'4351892e-3348-49fe-bffc-9b6de8130023','proxyorg',NULL,'quay+proxyorg@devtable.com',0,NULL,1,0,0,0,'2026-11-24 04:03:36.441112',1209600,1,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-24 04:03:36.441123',NULL);
INSERT INTO user VALUES(23,'e02a4a68-913c-4806-bec3-c00ca42d7272','buynlarge+neworgrobot',NULL,'a50e3efd-c083-4f74-b11e-01cd348c7037',0,NULL,0,1,0,0,'2026-11-24 04:03:37.879818',1209600,1,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-24 04:03:37.879827',NULL);
INSERT INTO user VALUES(24,'8175f3c0-aff3-443a-b9d4-fbb7fa00dde9','buynlarge+ownerbot',NULL,'915e383a-9b8d-4172-b7bd-3e8bb6c08437',0,NULL,0,1,0,0,'2026-11-24 04:03:37.884666',1209600,1,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-24 04:03:37.884674',NULL);
INSERT INTO user VALUES(25,'09b7ebaa-761a-43eb-a320-1f42fb287b50','buynlarge+creatorbot',NULL,'5b6b9c5c-bae7-4f51-b58d-3f94c4ba222e',0,NULL,0,1,0,0,'2026-11-24 04:03:37.890790',1209600,1,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-24 04:03:37.890798',NULL);
INSERT INTO user VALUES(26,'bf2355c5-4b6b-41da-a87a-0bbb2e867a1b','globalreadonlysuperuser','$2b$12$cnrw/oKYep0aVRwZn04JMuRSDQ49pOHcdzoXB/CxVUYdv.eJHy3Bq','globalreadonlysuperuser+test@devtable.com',1,NULL,0,0,0,0,'2026-11-24 04:03:46.691407',1209600,1,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-24 04:03:46.691417',NULL);
INSERT INTO user VALUES(27,'13fea505-d487-45ba-90dd-7c47bcc15f40','normaluser','$2b$12$StJqRyISUvnNeUcTyn.soOHeVZb5HfGNkg./sWzazm50jz6lQfaZG','normaluser+test@devtable.com',1,NULL,0,0,0,0,'2026-11-24 04:03:47.833921',1209600,1,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-24 04:03:47.833929',NULL);
INSERT INTO user VALUES(28,'43a6ecca-feff-4eae-90f1-a0c6e77c911a','orgwithnosuperuser',NULL,'orgwithnosuperuser@devtable.com',0,NULL,1,0,0,0,'2026-11-24 04:03:49.290021',1209600,1,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-24 04:03:49.290031',NULL);
CREATE TABLE organizationrhskus (
	id INTEGER NOT NULL, 
	subscription_id INTEGER NOT NULL, 
	org_id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, quantity INTEGER, 
	CONSTRAINT pk_organizationrhskus PRIMARY KEY (id), 
	CONSTRAINT fk_organizationrhskus_userid FOREIGN KEY(user_id) REFERENCES user (id), 
	CONSTRAINT fk_organizationrhskus_orgid FOREIGN KEY(org_id) REFERENCES user (id)
);
CREATE TABLE namespaceautoprunepolicy (
	id INTEGER NOT NULL, 
	uuid VARCHAR(36) NOT NULL, 
	namespace_id INTEGER NOT NULL, 
	policy TEXT NOT NULL, 
	CONSTRAINT pk_namespaceautoprunepolicyid PRIMARY KEY (id), 
	CONSTRAINT fk_namespaceautoprunepolicy_namespace_id_user FOREIGN KEY(namespace_id) REFERENCES user (id)
);
INSERT INTO namespaceautoprunepolicy VALUES(1,'51c18f13-59e4-4b8f-946d-f90f8d5649a4',1,'"{\"method\": \"number_of_tags\", \"value\": 10}"');
INSERT INTO namespaceautoprunepolicy VALUES(2,'fb7806ad-12ec-452e-b95a-01bc825d67c4',15,'"{\"method\": \"creation_date\", \"value\": \"5d\"}"');
CREATE TABLE autoprunetaskstatus (
	id INTEGER NOT NULL, 
	namespace_id INTEGER NOT NULL, 
	last_ran_ms BIGINT, 
	status TEXT, 
	CONSTRAINT pk_autoprunetaskstatusid PRIMARY KEY (id), 
	CONSTRAINT fk_autoprunetaskstatus_namespace_id_user FOREIGN KEY(namespace_id) REFERENCES user (id)
);
INSERT INTO autoprunetaskstatus VALUES(1,1,NULL,'queued');
INSERT INTO autoprunetaskstatus VALUES(2,15,NULL,'queued');
INSERT INTO autoprunetaskstatus VALUES(3,5,NULL,'queued');
CREATE TABLE IF NOT EXISTS "repositoryautoprunepolicy" (
	id INTEGER NOT NULL, 
	uuid VARCHAR(36) NOT NULL, 
	repository_id INTEGER NOT NULL, 
	namespace_id INTEGER NOT NULL, 
	policy TEXT NOT NULL, 
	CONSTRAINT pk_repositoryautoprunepolicyid PRIMARY KEY (id), 
	CONSTRAINT fk_repositoryautoprunepolicy_repository_id_repository FOREIGN KEY(repository_id) REFERENCES repository (id), 
	CONSTRAINT fk_repositoryautoprunepolicy_namespace_id_user FOREIGN KEY(namespace_id) REFERENCES user (id)
);
INSERT INTO repositoryautoprunepolicy VALUES(1,'fc47a6ef-bd9a-44cf-b716-338d75e8f62b',2,1,'"{\"method\": \"number_of_tags\", \"value\": 10}"');
INSERT INTO repositoryautoprunepolicy VALUES(2,'c21e1a17-e88f-445a-a8cf-37a18e8c8950',8,5,'"{\"method\": \"creation_date\", \"value\": \"5d\"}"');
CREATE TABLE oauthassignedtoken (
	id INTEGER NOT NULL, 
	uuid VARCHAR(255) NOT NULL, 
	assigned_user_id INTEGER NOT NULL, 
	application_id INTEGER NOT NULL, 
	redirect_uri VARCHAR(255), 
	scope VARCHAR(255) NOT NULL, 
	response_type VARCHAR(255), 
	CONSTRAINT pk_oauthassignedtoken PRIMARY KEY (id), 
	CONSTRAINT fk_oauthassignedtoken_application_oauthapplication FOREIGN KEY(application_id) REFERENCES oauthapplication (id), 
	CONSTRAINT fk_oauthassignedtoken_assigned_user_user FOREIGN KEY(assigned_user_id) REFERENCES user (id)
);
INSERT INTO oauthassignedtoken VALUES(1,'59a6a7a1-e06c-43a7-a426-d8c0f959973a',1,1,'http://localhost:8000/o2c.html','repo:admin','token');
CREATE TABLE tagnotificationsuccess (
	id INTEGER NOT NULL, 
	notification_id INTEGER NOT NULL, 
	tag_id INTEGER NOT NULL, 
	method_id INTEGER NOT NULL, 
	CONSTRAINT pk_tag_notification_success PRIMARY KEY (id), 
	CONSTRAINT fk_tag_notification_success_notification_id FOREIGN KEY(notification_id) REFERENCES repositorynotification (id), 
	CONSTRAINT fk_tag_notification_success_tag_id FOREIGN KEY(tag_id) REFERENCES tag (id), 
	CONSTRAINT fk_tag_notification_success_method_id FOREIGN KEY(method_id) REFERENCES externalnotificationmethod (id)
);
CREATE TABLE IF NOT EXISTS "repomirrorconfig" (
	id INTEGER NOT NULL, 
	repository_id INTEGER NOT NULL, 
	creation_date DATETIME NOT NULL, 
	is_enabled BOOLEAN NOT NULL, 
	mirror_type INTEGER NOT NULL, 
	internal_robot_id INTEGER NOT NULL, 
	external_registry_username VARCHAR(4096), 
	external_registry_config TEXT NOT NULL, 
	sync_interval INTEGER DEFAULT '60' NOT NULL, 
	sync_start_date DATETIME, 
	sync_expiration_date DATETIME, 
	sync_retries_remaining INTEGER DEFAULT '3' NOT NULL, 
	sync_status INTEGER NOT NULL, 
	sync_transaction_id VARCHAR(36), 
	root_rule_id INTEGER NOT NULL, 
	external_reference TEXT NOT NULL, 
	external_registry_password VARCHAR(9000), skopeo_timeout BIGINT DEFAULT '300' NOT NULL, architecture_filter TEXT, 
	CONSTRAINT pk_repomirrorconfig PRIMARY KEY (id), 
	CONSTRAINT fk_repomirrorconfig_root_rule_id_repomirrorrule FOREIGN KEY(root_rule_id) REFERENCES repomirrorrule (id), 
	CONSTRAINT fk_repomirrorconfig_internal_robot_id_user FOREIGN KEY(internal_robot_id) REFERENCES user (id), 
	CONSTRAINT fk_repomirrorconfig_repository_id_repository FOREIGN KEY(repository_id) REFERENCES repository (id)
);
INSERT INTO repomirrorconfig VALUES(1,17,'2026-11-24 04:03:42.853040',1,1,3,'v0$$GvJmSbTMK2r2o6ineH+jgodfxB/N3q0Y9mGjYQcfVRFRFLS/9UgtMqE=','{}',86400,'2026-11-24 04:03:42.852857',NULL,3,0,'0e11378e-067f-43b4-a9ee-c51128a52598',1,'quay.io/coreos/etcd','v0$$AgCjgFWGiwmSqGMsi1TadbnD7i59wahG/CheA2x4nyqWm9rSnDhKTz4=',600,'[]');
CREATE TABLE tagpullstatistics (
	id INTEGER NOT NULL, 
	repository_id INTEGER NOT NULL, 
	tag_name VARCHAR(255) NOT NULL, 
	tag_pull_count BIGINT NOT NULL, 
	last_tag_pull_date DATETIME NOT NULL, 
	current_manifest_digest VARCHAR(255), 
	CONSTRAINT pk_tagpullstatistics PRIMARY KEY (id), 
	CONSTRAINT fk_tagpullstatistics_repository_id_repository FOREIGN KEY(repository_id) REFERENCES repository (id)
);
CREATE TABLE manifestpullstatistics (
	id INTEGER NOT NULL, 
	repository_id INTEGER NOT NULL, 
	manifest_digest VARCHAR(255) NOT NULL, 
	manifest_pull_count BIGINT NOT NULL, 
	last_manifest_pull_date DATETIME NOT NULL, 
	CONSTRAINT pk_manifestpullstatistics PRIMARY KEY (id), 
	CONSTRAINT fk_manifestpullstatistics_repository_id_repository FOREIGN KEY(repository_id) REFERENCES repository (id)
);
CREATE TABLE orgmirrorconfig (
	id INTEGER NOT NULL, 
	organization_id INTEGER NOT NULL, 
	creation_date DATETIME NOT NULL, 
	is_enabled BOOLEAN DEFAULT (1) NOT NULL, 
	mirror_type INTEGER DEFAULT '1' NOT NULL, 
	external_registry_type INTEGER NOT NULL, 
	external_registry_url VARCHAR(2048) NOT NULL, 
	external_namespace VARCHAR(255) NOT NULL, 
	external_registry_username VARCHAR(4096), 
	external_registry_password VARCHAR(9000), 
	external_registry_config TEXT NOT NULL, 
	internal_robot_id INTEGER NOT NULL, 
	repository_filters TEXT NOT NULL, 
	visibility_id INTEGER NOT NULL, 
	delete_stale_repos BOOLEAN DEFAULT (0) NOT NULL, 
	sync_interval INTEGER NOT NULL, 
	sync_start_date DATETIME, 
	sync_expiration_date DATETIME, 
	sync_retries_remaining INTEGER DEFAULT '3' NOT NULL, 
	sync_status INTEGER DEFAULT '0' NOT NULL, 
	sync_transaction_id VARCHAR(36), 
	skopeo_timeout BIGINT DEFAULT '300' NOT NULL, architecture_filter TEXT DEFAULT '[]' NOT NULL, 
	CONSTRAINT pk_orgmirrorconfig PRIMARY KEY (id), 
	CONSTRAINT fk_orgmirrorconfig_organization_id_user FOREIGN KEY(organization_id) REFERENCES user (id), 
	CONSTRAINT fk_orgmirrorconfig_internal_robot_id_user FOREIGN KEY(internal_robot_id) REFERENCES user (id), 
	CONSTRAINT fk_orgmirrorconfig_visibility_id_visibility FOREIGN KEY(visibility_id) REFERENCES visibility (id)
);
CREATE TABLE orgmirrorrepository (
	id INTEGER NOT NULL, 
	org_mirror_config_id INTEGER NOT NULL, 
	repository_name VARCHAR(255) NOT NULL, 
	repository_id INTEGER, 
	discovery_date DATETIME NOT NULL, 
	sync_status INTEGER DEFAULT '0' NOT NULL, 
	sync_start_date DATETIME, 
	sync_expiration_date DATETIME, 
	last_sync_date DATETIME, 
	status_message TEXT, 
	creation_date DATETIME NOT NULL, sync_retries_remaining INTEGER DEFAULT '3' NOT NULL, sync_transaction_id VARCHAR(36), 
	CONSTRAINT pk_orgmirrorrepository PRIMARY KEY (id), 
	CONSTRAINT fk_orgmirrorrepository_org_mirror_config_id_orgmirrorconfig FOREIGN KEY(org_mirror_config_id) REFERENCES orgmirrorconfig (id), 
	CONSTRAINT fk_orgmirrorrepository_repository_id_repository FOREIGN KEY(repository_id) REFERENCES repository (id)
);
CREATE TABLE namespaceimmutabilitypolicy (
	id INTEGER NOT NULL, 
	uuid VARCHAR(36) NOT NULL, 
	namespace_id INTEGER NOT NULL, 
	policy TEXT NOT NULL, 
	CONSTRAINT pk_namespaceimmutabilitypolicyid PRIMARY KEY (id), 
	CONSTRAINT fk_namespaceimmutabilitypolicy_namespace_id_user FOREIGN KEY(namespace_id) REFERENCES user (id)
);
CREATE TABLE repositoryimmutabilitypolicy (
	id INTEGER NOT NULL, 
	uuid VARCHAR(36) NOT NULL, 
	repository_id INTEGER NOT NULL, 
	namespace_id INTEGER NOT NULL, 
	policy TEXT NOT NULL, 
	CONSTRAINT pk_repositoryimmutabilitypolicyid PRIMARY KEY (id), 
	CONSTRAINT fk_repositoryimmutabilitypolicy_repository_id_repository FOREIGN KEY(repository_id) REFERENCES repository (id), 
	CONSTRAINT fk_repositoryimmutabilitypolicy_namespace_id_user FOREIGN KEY(namespace_id) REFERENCES user (id)
);
CREATE TABLE organizationcontactemail (
	id INTEGER NOT NULL, 
	organization_id INTEGER NOT NULL, 
	contact_email VARCHAR(255), 
	CONSTRAINT pk_organizationcontactemail PRIMARY KEY (id), 
	CONSTRAINT fk_organizationcontactemail_organization_id_user FOREIGN KEY(organization_id) REFERENCES user (id)
);
CREATE TABLE namespacenotification (
	id INTEGER NOT NULL, 
	uuid VARCHAR(255) NOT NULL, 
	namespace_id INTEGER NOT NULL, 
	event_id INTEGER NOT NULL, 
	method_id INTEGER NOT NULL, 
	title VARCHAR(255), 
	config_json TEXT NOT NULL, 
	event_config_json TEXT DEFAULT '{}' NOT NULL, 
	number_of_failures INTEGER DEFAULT '0' NOT NULL, 
	last_ran_ms BIGINT, 
	CONSTRAINT pk_namespacenotification PRIMARY KEY (id), 
	CONSTRAINT fk_namespacenotification_namespace_id FOREIGN KEY(namespace_id) REFERENCES user (id), 
	CONSTRAINT fk_namespacenotification_event_id FOREIGN KEY(event_id) REFERENCES externalnotificationevent (id), 
	CONSTRAINT fk_namespacenotification_method_id FOREIGN KEY(method_id) REFERENCES externalnotificationmethod (id)
);
CREATE TABLE quotanotificationstate (
	id INTEGER NOT NULL, 
	namespace_id INTEGER NOT NULL, 
	threshold_percent INTEGER NOT NULL, 
	last_notified_at DATETIME, 
	cleared BOOLEAN DEFAULT '1' NOT NULL, 
	CONSTRAINT pk_quotanotificationstate PRIMARY KEY (id), 
	CONSTRAINT fk_quotanotificationstate_namespace_id FOREIGN KEY(namespace_id) REFERENCES user (id)
);
CREATE UNIQUE INDEX accesstokenkind_name ON accesstokenkind (name);
CREATE UNIQUE INDEX buildtriggerservice_name ON buildtriggerservice (name);
CREATE UNIQUE INDEX externalnotificationevent_name ON externalnotificationevent (name);
CREATE UNIQUE INDEX externalnotificationmethod_name ON externalnotificationmethod (name);
CREATE UNIQUE INDEX imagestoragelocation_name ON imagestoragelocation (name);
CREATE UNIQUE INDEX imagestoragesignaturekind_name ON imagestoragesignaturekind (name);
CREATE UNIQUE INDEX imagestoragetransformation_name ON imagestoragetransformation (name);
CREATE UNIQUE INDEX labelsourcetype_name ON labelsourcetype (name);
CREATE UNIQUE INDEX logentrykind_name ON logentrykind (name);
CREATE UNIQUE INDEX loginservice_name ON loginservice (name);
CREATE UNIQUE INDEX mediatype_name ON mediatype (name);
CREATE UNIQUE INDEX notificationkind_name ON notificationkind (name);
CREATE UNIQUE INDEX quayregion_name ON quayregion (name);
CREATE UNIQUE INDEX quayservice_name ON quayservice (name);
CREATE INDEX queueitem_queue_name ON queueitem (queue_name);
CREATE UNIQUE INDEX role_name ON role (name);
CREATE INDEX servicekeyapproval_approval_type ON servicekeyapproval (approval_type);
CREATE INDEX servicekeyapproval_approver_id ON servicekeyapproval (approver_id);
CREATE INDEX teamrole_name ON teamrole (name);
CREATE UNIQUE INDEX visibility_name ON visibility (name);
CREATE UNIQUE INDEX emailconfirmation_code ON emailconfirmation (code);
CREATE INDEX emailconfirmation_user_id ON emailconfirmation (user_id);
CREATE INDEX federatedlogin_service_id ON federatedlogin (service_id);
CREATE UNIQUE INDEX federatedlogin_service_id_service_ident ON federatedlogin (service_id, service_ident);
CREATE UNIQUE INDEX federatedlogin_service_id_user_id ON federatedlogin (service_id, user_id);
CREATE INDEX federatedlogin_user_id ON federatedlogin (user_id);
CREATE INDEX imagestorageplacement_location_id ON imagestorageplacement (location_id);
CREATE INDEX imagestorageplacement_storage_id ON imagestorageplacement (storage_id);
CREATE UNIQUE INDEX imagestorageplacement_storage_id_location_id ON imagestorageplacement (storage_id, location_id);
CREATE INDEX imagestoragesignature_kind_id ON imagestoragesignature (kind_id);
CREATE UNIQUE INDEX imagestoragesignature_kind_id_storage_id ON imagestoragesignature (kind_id, storage_id);
CREATE INDEX imagestoragesignature_storage_id ON imagestoragesignature (storage_id);
CREATE INDEX label_key ON label ("key");
CREATE INDEX label_media_type_id ON label (media_type_id);
CREATE INDEX label_source_type_id ON label (source_type_id);
CREATE UNIQUE INDEX label_uuid ON label (uuid);
CREATE INDEX notification_created ON notification (created);
CREATE INDEX notification_kind_id ON notification (kind_id);
CREATE INDEX notification_lookup_path ON notification (lookup_path);
CREATE INDEX notification_target_id ON notification (target_id);
CREATE INDEX notification_uuid ON notification (uuid);
CREATE INDEX quayrelease_created ON quayrelease (created);
CREATE INDEX quayrelease_region_id ON quayrelease (region_id);
CREATE INDEX quayrelease_service_id ON quayrelease (service_id);
CREATE INDEX quayrelease_service_id_region_id_created ON quayrelease (service_id, region_id, created);
CREATE UNIQUE INDEX quayrelease_service_id_version_region_id ON quayrelease (service_id, version, region_id);
CREATE INDEX servicekey_approval_id ON servicekey (approval_id);
CREATE UNIQUE INDEX servicekey_kid ON servicekey (kid);
CREATE INDEX servicekey_service ON servicekey (service);
CREATE INDEX team_name ON team (name);
CREATE UNIQUE INDEX team_name_organization_id ON team (name, organization_id);
CREATE INDEX team_organization_id ON team (organization_id);
CREATE INDEX team_role_id ON team (role_id);
CREATE INDEX userregion_location_id ON userregion (location_id);
CREATE INDEX userregion_user_id ON userregion (user_id);
CREATE INDEX permissionprototype_activating_user_id ON permissionprototype (activating_user_id);
CREATE INDEX permissionprototype_delegate_team_id ON permissionprototype (delegate_team_id);
CREATE INDEX permissionprototype_delegate_user_id ON permissionprototype (delegate_user_id);
CREATE INDEX permissionprototype_org_id ON permissionprototype (org_id);
CREATE INDEX permissionprototype_org_id_activating_user_id ON permissionprototype (org_id, activating_user_id);
CREATE INDEX permissionprototype_role_id ON permissionprototype (role_id);
CREATE INDEX repositoryactioncount_date ON repositoryactioncount (date);
CREATE INDEX repositoryactioncount_repository_id ON repositoryactioncount (repository_id);
CREATE UNIQUE INDEX repositoryactioncount_repository_id_date ON repositoryactioncount (repository_id, date);
CREATE UNIQUE INDEX repositoryauthorizedemail_code ON repositoryauthorizedemail (code);
CREATE UNIQUE INDEX repositoryauthorizedemail_email_repository_id ON repositoryauthorizedemail (email, repository_id);
CREATE INDEX repositoryauthorizedemail_repository_id ON repositoryauthorizedemail (repository_id);
CREATE INDEX repositorynotification_event_id ON repositorynotification (event_id);
CREATE INDEX repositorynotification_method_id ON repositorynotification (method_id);
CREATE INDEX repositorynotification_repository_id ON repositorynotification (repository_id);
CREATE INDEX repositorynotification_uuid ON repositorynotification (uuid);
CREATE INDEX repositorypermission_repository_id ON repositorypermission (repository_id);
CREATE INDEX repositorypermission_role_id ON repositorypermission (role_id);
CREATE INDEX repositorypermission_team_id ON repositorypermission (team_id);
CREATE UNIQUE INDEX repositorypermission_team_id_repository_id ON repositorypermission (team_id, repository_id);
CREATE INDEX repositorypermission_user_id ON repositorypermission (user_id);
CREATE UNIQUE INDEX repositorypermission_user_id_repository_id ON repositorypermission (user_id, repository_id);
CREATE INDEX star_repository_id ON star (repository_id);
CREATE INDEX star_user_id ON star (user_id);
CREATE UNIQUE INDEX star_user_id_repository_id ON star (user_id, repository_id);
CREATE INDEX teammember_team_id ON teammember (team_id);
CREATE INDEX teammember_user_id ON teammember (user_id);
CREATE UNIQUE INDEX teammember_user_id_team_id ON teammember (user_id, team_id);
CREATE INDEX teammemberinvite_inviter_id ON teammemberinvite (inviter_id);
CREATE INDEX teammemberinvite_team_id ON teammemberinvite (team_id);
CREATE INDEX teammemberinvite_user_id ON teammemberinvite (user_id);
CREATE INDEX repositorybuild_access_token_id ON repositorybuild (access_token_id);
CREATE INDEX repositorybuild_pull_robot_id ON repositorybuild (pull_robot_id);
CREATE INDEX repositorybuild_queue_id ON repositorybuild (queue_id);
CREATE INDEX repositorybuild_repository_id ON repositorybuild (repository_id);
CREATE INDEX repositorybuild_repository_id_started_phase ON repositorybuild (repository_id, started, phase);
CREATE INDEX repositorybuild_resource_key ON repositorybuild (resource_key);
CREATE INDEX repositorybuild_started ON repositorybuild (started);
CREATE INDEX repositorybuild_started_logs_archived_phase ON repositorybuild (started, logs_archived, phase);
CREATE INDEX repositorybuild_trigger_id ON repositorybuild (trigger_id);
CREATE INDEX repositorybuild_uuid ON repositorybuild (uuid);
CREATE INDEX userpromptkind_name ON userpromptkind (name);
CREATE INDEX userprompt_kind_id ON userprompt (kind_id);
CREATE INDEX userprompt_user_id ON userprompt (user_id);
CREATE UNIQUE INDEX userprompt_user_id_kind_id ON userprompt (user_id, kind_id);
CREATE INDEX queueitem_processing_expires_available ON queueitem (processing_expires, available);
CREATE INDEX queueitem_pe_aafter_qname_rremaining_available ON queueitem (processing_expires, available_after, queue_name, retries_remaining, available);
CREATE INDEX queueitem_pexpires_aafter_rremaining_available ON queueitem (processing_expires, available_after, retries_remaining, available);
CREATE INDEX queueitem_processing_expires_queue_name_available ON queueitem (processing_expires, queue_name, available);
CREATE INDEX messages_severity ON messages (severity);
CREATE INDEX messages_media_type_id ON messages (media_type_id);
CREATE INDEX messages_uuid ON messages (uuid);
CREATE UNIQUE INDEX queueitem_state_id ON queueitem (state_id);
CREATE UNIQUE INDEX repositorykind_name ON repositorykind (name);
CREATE UNIQUE INDEX repository_namespace_user_id_name ON repository (namespace_user_id, name);
CREATE INDEX repository_description__fulltext ON repository (description);
CREATE INDEX repository_visibility_id ON repository (visibility_id);
CREATE INDEX repository_namespace_user_id ON repository (namespace_user_id);
CREATE INDEX repository_name__fulltext ON repository (name);
CREATE INDEX repository_kind_id ON repository (kind_id);
CREATE INDEX teamsync_last_updated ON teamsync (last_updated);
CREATE INDEX teamsync_service_id ON teamsync (service_id);
CREATE UNIQUE INDEX teamsync_team_id ON teamsync (team_id);
CREATE UNIQUE INDEX repositorysearchscore_repository_id ON repositorysearchscore (repository_id);
CREATE INDEX repositorysearchscore_score ON repositorysearchscore (score);
CREATE INDEX imagestorage_content_checksum ON imagestorage (content_checksum);
CREATE UNIQUE INDEX imagestorage_uuid ON imagestorage (uuid);
CREATE INDEX blobupload_location_id ON blobupload (location_id);
CREATE INDEX blobupload_created ON blobupload (created);
CREATE UNIQUE INDEX blobupload_uuid ON blobupload (uuid);
CREATE UNIQUE INDEX blobupload_repository_id_uuid ON blobupload (repository_id, uuid);
CREATE INDEX blobupload_repository_id ON blobupload (repository_id);
CREATE UNIQUE INDEX deletednamespace_namespace_id ON deletednamespace (namespace_id);
CREATE INDEX deletednamespace_original_email ON deletednamespace (original_email);
CREATE INDEX deletednamespace_original_username ON deletednamespace (original_username);
CREATE INDEX deletednamespace_queue_id ON deletednamespace (queue_id);
CREATE UNIQUE INDEX disablereason_name ON disablereason (name);
CREATE UNIQUE INDEX robotaccountmetadata_robot_account_id ON robotaccountmetadata (robot_account_id);
CREATE INDEX logentry2_account_id ON logentry2 (account_id);
CREATE INDEX logentry2_account_id_datetime ON logentry2 (account_id, datetime);
CREATE INDEX logentry2_datetime ON logentry2 (datetime);
CREATE INDEX logentry2_kind_id ON logentry2 (kind_id);
CREATE INDEX logentry2_performer_id ON logentry2 (performer_id);
CREATE INDEX logentry2_performer_id_datetime ON logentry2 (performer_id, datetime);
CREATE INDEX logentry2_repository_id ON logentry2 (repository_id);
CREATE INDEX logentry2_repository_id_datetime ON logentry2 (repository_id, datetime);
CREATE INDEX logentry2_repository_id_datetime_kind_id ON logentry2 (repository_id, datetime, kind_id);
CREATE UNIQUE INDEX apprblobplacementlocation_name ON apprblobplacementlocation (name);
CREATE UNIQUE INDEX apprtagkind_name ON apprtagkind (name);
CREATE UNIQUE INDEX apprblob_digest ON apprblob (digest);
CREATE INDEX apprblob_media_type_id ON apprblob (media_type_id);
CREATE UNIQUE INDEX apprmanifest_digest ON apprmanifest (digest);
CREATE INDEX apprmanifest_media_type_id ON apprmanifest (media_type_id);
CREATE UNIQUE INDEX apprmanifestlist_digest ON apprmanifestlist (digest);
CREATE INDEX apprmanifestlist_media_type_id ON apprmanifestlist (media_type_id);
CREATE INDEX apprblobplacement_blob_id ON apprblobplacement (blob_id);
CREATE UNIQUE INDEX apprblobplacement_blob_id_location_id ON apprblobplacement (blob_id, location_id);
CREATE INDEX apprblobplacement_location_id ON apprblobplacement (location_id);
CREATE INDEX apprmanifestblob_blob_id ON apprmanifestblob (blob_id);
CREATE INDEX apprmanifestblob_manifest_id ON apprmanifestblob (manifest_id);
CREATE UNIQUE INDEX apprmanifestblob_manifest_id_blob_id ON apprmanifestblob (manifest_id, blob_id);
CREATE INDEX apprmanifestlistmanifest_manifest_id ON apprmanifestlistmanifest (manifest_id);
CREATE INDEX apprmanifestlistmanifest_manifest_list_id ON apprmanifestlistmanifest (manifest_list_id);
CREATE INDEX apprmanifestlistmanifest_manifest_list_id_media_type_id ON apprmanifestlistmanifest (manifest_list_id, media_type_id);
CREATE INDEX apprmanifestlistmanifest_manifest_list_id_operating_system_arch ON apprmanifestlistmanifest (manifest_list_id, operating_system, architecture, media_type_id);
CREATE INDEX apprmanifestlistmanifest_media_type_id ON apprmanifestlistmanifest (media_type_id);
CREATE INDEX apprtag_lifetime_end ON apprtag (lifetime_end);
CREATE INDEX apprtag_linked_tag_id ON apprtag (linked_tag_id);
CREATE INDEX apprtag_manifest_list_id ON apprtag (manifest_list_id);
CREATE INDEX apprtag_repository_id ON apprtag (repository_id);
CREATE INDEX apprtag_repository_id_name ON apprtag (repository_id, name);
CREATE INDEX apprtag_repository_id_name_hidden ON apprtag (repository_id, name, hidden);
CREATE UNIQUE INDEX apprtag_repository_id_name_lifetime_end ON apprtag (repository_id, name, lifetime_end);
CREATE INDEX apprtag_tag_kind_id ON apprtag (tag_kind_id);
CREATE INDEX logentry_kind_id ON logentry (kind_id);
CREATE INDEX logentry_performer_id ON logentry (performer_id);
CREATE INDEX logentry_repository_id_datetime ON logentry (repository_id, datetime);
CREATE INDEX logentry_repository_id_datetime_kind_id ON logentry (repository_id, datetime, kind_id);
CREATE INDEX logentry_repository_id ON logentry (repository_id);
CREATE INDEX logentry_account_id ON logentry (account_id);
CREATE INDEX logentry_performer_id_datetime ON logentry (performer_id, datetime);
CREATE INDEX logentry_datetime ON logentry (datetime);
CREATE INDEX logentry_account_id_datetime ON logentry (account_id, datetime);
CREATE INDEX manifestlabel_label_id ON manifestlabel (label_id);
CREATE INDEX manifestlabel_manifest_id ON manifestlabel (manifest_id);
CREATE UNIQUE INDEX manifestlabel_manifest_id_label_id ON manifestlabel (manifest_id, label_id);
CREATE INDEX manifestlabel_repository_id ON manifestlabel (repository_id);
CREATE UNIQUE INDEX manifestblob_manifest_id_blob_id ON manifestblob (manifest_id, blob_id);
CREATE INDEX manifestblob_manifest_id ON manifestblob (manifest_id);
CREATE INDEX manifestblob_blob_id ON manifestblob (blob_id);
CREATE INDEX manifestblob_repository_id ON manifestblob (repository_id);
CREATE INDEX manifest_media_type_id ON manifest (media_type_id);
CREATE UNIQUE INDEX manifest_repository_id_digest ON manifest (repository_id, digest);
CREATE INDEX manifest_digest ON manifest (digest);
CREATE INDEX manifest_repository_id ON manifest (repository_id);
CREATE INDEX manifest_repository_id_media_type_id ON manifest (repository_id, media_type_id);
CREATE UNIQUE INDEX tagkind_name ON tagkind (name);
CREATE INDEX manifestchild_child_manifest_id ON manifestchild (child_manifest_id);
CREATE INDEX manifestchild_manifest_id ON manifestchild (manifest_id);
CREATE UNIQUE INDEX manifestchild_manifest_id_child_manifest_id ON manifestchild (manifest_id, child_manifest_id);
CREATE INDEX manifestchild_repository_id ON manifestchild (repository_id);
CREATE INDEX manifestchild_repository_id_child_manifest_id ON manifestchild (repository_id, child_manifest_id);
CREATE INDEX manifestchild_repository_id_manifest_id ON manifestchild (repository_id, manifest_id);
CREATE INDEX manifestchild_repository_id_manifest_id_child_manifest_id ON manifestchild (repository_id, manifest_id, child_manifest_id);
CREATE INDEX tag_lifetime_end_ms ON tag (lifetime_end_ms);
CREATE INDEX tag_linked_tag_id ON tag (linked_tag_id);
CREATE INDEX tag_manifest_id ON tag (manifest_id);
CREATE INDEX tag_repository_id ON tag (repository_id);
CREATE INDEX tag_repository_id_name ON tag (repository_id, name);
CREATE INDEX tag_repository_id_name_hidden ON tag (repository_id, name, hidden);
CREATE UNIQUE INDEX tag_repository_id_name_lifetime_end_ms ON tag (repository_id, name, lifetime_end_ms);
CREATE INDEX tag_repository_id_name_tag_kind_id ON tag (repository_id, name, tag_kind_id);
CREATE INDEX tag_tag_kind_id ON tag (tag_kind_id);
CREATE INDEX logentry3_account_id_datetime ON logentry3 (account_id, datetime);
CREATE INDEX logentry3_datetime ON logentry3 (datetime);
CREATE INDEX logentry3_performer_id_datetime ON logentry3 (performer_id, datetime);
CREATE INDEX logentry3_repository_id_datetime_kind_id ON logentry3 (repository_id, datetime, kind_id);
CREATE INDEX permissionprototype_uuid ON permissionprototype (uuid);
CREATE INDEX tag_repository_id_lifetime_end_ms ON tag (repository_id, lifetime_end_ms);
CREATE INDEX tag_repository_id_lifetime_start_ms ON tag (repository_id, lifetime_start_ms);
CREATE INDEX repositorybuild_logs_archived ON repositorybuild (logs_archived);
CREATE INDEX repomirrorrule_left_child_id ON repomirrorrule (left_child_id);
CREATE INDEX repomirrorrule_repository_id ON repomirrorrule (repository_id);
CREATE INDEX repomirrorrule_right_child_id ON repomirrorrule (right_child_id);
CREATE INDEX repomirrorrule_rule_type ON repomirrorrule (rule_type);
CREATE UNIQUE INDEX repomirrorrule_uuid ON repomirrorrule (uuid);
CREATE INDEX repository_state ON repository (state);
CREATE UNIQUE INDEX robotaccounttoken_robot_account_id ON robotaccounttoken (robot_account_id);
CREATE INDEX accesstoken_role_id ON accesstoken (role_id);
CREATE INDEX accesstoken_kind_id ON accesstoken (kind_id);
CREATE INDEX accesstoken_repository_id ON accesstoken (repository_id);
CREATE UNIQUE INDEX accesstoken_token_name ON accesstoken (token_name);
CREATE INDEX appspecificauthtoken_user_id_expiration ON appspecificauthtoken (user_id, expiration);
CREATE INDEX appspecificauthtoken_user_id ON appspecificauthtoken (user_id);
CREATE UNIQUE INDEX appspecificauthtoken_token_name ON appspecificauthtoken (token_name);
CREATE INDEX appspecificauthtoken_uuid ON appspecificauthtoken (uuid);
CREATE UNIQUE INDEX oauthaccesstoken_token_name ON oauthaccesstoken (token_name);
CREATE INDEX oauthaccesstoken_authorized_user_id ON oauthaccesstoken (authorized_user_id);
CREATE INDEX oauthaccesstoken_application_id ON oauthaccesstoken (application_id);
CREATE INDEX oauthaccesstoken_uuid ON oauthaccesstoken (uuid);
CREATE INDEX oauthapplication_client_id ON oauthapplication (client_id);
CREATE INDEX oauthapplication_organization_id ON oauthapplication (organization_id);
CREATE UNIQUE INDEX oauthauthorizationcode_code_name ON oauthauthorizationcode (code_name);
CREATE INDEX oauthauthorizationcode_application_id ON oauthauthorizationcode (application_id);
CREATE INDEX repositorybuildtrigger_service_id ON repositorybuildtrigger (service_id);
CREATE INDEX repositorybuildtrigger_repository_id ON repositorybuildtrigger (repository_id);
CREATE INDEX repositorybuildtrigger_disabled_datetime ON repositorybuildtrigger (disabled_datetime);
CREATE INDEX repositorybuildtrigger_disabled_reason_id ON repositorybuildtrigger (disabled_reason_id);
CREATE INDEX repositorybuildtrigger_uuid ON repositorybuildtrigger (uuid);
CREATE INDEX repositorybuildtrigger_pull_robot_id ON repositorybuildtrigger (pull_robot_id);
CREATE INDEX repositorybuildtrigger_connected_user_id ON repositorybuildtrigger (connected_user_id);
CREATE INDEX repositorybuildtrigger_write_token_id ON repositorybuildtrigger (write_token_id);
CREATE INDEX deletedrepository_original_name ON deletedrepository (original_name);
CREATE INDEX deletedrepository_queue_id ON deletedrepository (queue_id);
CREATE UNIQUE INDEX deletedrepository_repository_id ON deletedrepository (repository_id);
CREATE INDEX manifestsecuritystatus_index_status ON manifestsecuritystatus (index_status);
CREATE INDEX manifestsecuritystatus_indexer_hash ON manifestsecuritystatus (indexer_hash);
CREATE INDEX manifestsecuritystatus_indexer_version ON manifestsecuritystatus (indexer_version);
CREATE INDEX manifestsecuritystatus_last_indexed ON manifestsecuritystatus (last_indexed);
CREATE UNIQUE INDEX manifestsecuritystatus_manifest_id ON manifestsecuritystatus (manifest_id);
CREATE INDEX manifestsecuritystatus_repository_id ON manifestsecuritystatus (repository_id);
CREATE INDEX uploadedblob_blob_id ON uploadedblob (blob_id);
CREATE INDEX uploadedblob_expires_at ON uploadedblob (expires_at);
CREATE INDEX uploadedblob_repository_id ON uploadedblob (repository_id);
CREATE INDEX manifest_repository_id_config_media_type ON manifest (repository_id, config_media_type);
CREATE INDEX manifestblob_repository_id_blob_id ON manifestblob (repository_id, blob_id);
CREATE UNIQUE INDEX userorganizationquota_organization ON userorganizationquota (namespace_id);
CREATE INDEX quotalimits_quota_id ON quotalimits (quota_id);
CREATE INDEX user_invoice_email_address ON user (invoice_email_address);
CREATE INDEX user_last_accessed ON user (last_accessed);
CREATE INDEX user_uuid ON user (uuid);
CREATE INDEX user_stripe_id ON user (stripe_id);
CREATE INDEX user_robot ON user (robot);
CREATE UNIQUE INDEX user_username ON user (username);
CREATE INDEX user_organization ON user (organization);
CREATE UNIQUE INDEX organizationrhskus_subscription_id_org_id ON organizationrhskus (subscription_id, org_id);
CREATE UNIQUE INDEX organizationrhskus_subscription_id_org_id_user_id ON organizationrhskus (subscription_id, org_id, user_id);
CREATE UNIQUE INDEX quotanamespacesize_namespace_user_id ON quotanamespacesize (namespace_user_id);
CREATE INDEX quotanamespacesize_backfill_start_ms ON quotanamespacesize (backfill_start_ms);
CREATE INDEX quotanamespacesize_size_bytes ON quotanamespacesize (size_bytes);
CREATE UNIQUE INDEX quotarepositorysize_repository_id ON quotarepositorysize (repository_id);
CREATE INDEX quotarepositorysize_size_bytes ON quotarepositorysize (size_bytes);
CREATE UNIQUE INDEX namespaceautoprunepolicy_uuid ON namespaceautoprunepolicy (uuid);
CREATE UNIQUE INDEX autoprunetaskstatus_namespace_id ON autoprunetaskstatus (namespace_id);
CREATE INDEX autoprunetaskstatus_last_ran_ms ON autoprunetaskstatus (last_ran_ms);
CREATE UNIQUE INDEX repositoryautoprunepolicy_uuid ON repositoryautoprunepolicy (uuid);
CREATE INDEX repositoryautoprunepolicy_namespace_id ON repositoryautoprunepolicy (namespace_id);
CREATE INDEX manifest_repository_id_subject ON manifest (repository_id, subject);
CREATE INDEX manifest_subject_backfilled ON manifest (subject_backfilled);
CREATE UNIQUE INDEX oauthassignedtoken_uuid ON oauthassignedtoken (uuid);
CREATE INDEX oauthassignedtoken_application_id ON oauthassignedtoken (application_id);
CREATE INDEX oauthassignedtoken_assigned_user ON oauthassignedtoken (assigned_user_id);
CREATE INDEX tagnotificationsuccess_notification_id ON tagnotificationsuccess (notification_id);
CREATE INDEX tagnotificationsuccess_tag_id ON tagnotificationsuccess (tag_id);
CREATE INDEX repositorynotification_last_ran_ms ON repositorynotification (last_ran_ms);
CREATE INDEX manifest_repository_id_artifact_type ON manifest (repository_id, artifact_type);
CREATE INDEX manifest_artifact_type_backfilled ON manifest (artifact_type_backfilled);
CREATE UNIQUE INDEX repomirrorconfig_repository_id ON repomirrorconfig (repository_id);
CREATE INDEX repomirrorconfig_internal_robot_id ON repomirrorconfig (internal_robot_id);
CREATE INDEX repomirrorconfig_sync_status ON repomirrorconfig (sync_status);
CREATE INDEX repomirrorconfig_mirror_type ON repomirrorconfig (mirror_type);
CREATE INDEX repomirrorconfig_sync_transaction_id ON repomirrorconfig (sync_transaction_id);
CREATE INDEX repomirrorconfig_root_rule_id ON repomirrorconfig (root_rule_id);
CREATE INDEX tag_repository_id_immutable ON tag (repository_id, immutable);
CREATE INDEX tag_manifest_id_immutable ON tag (manifest_id, immutable);
CREATE INDEX tag_manifest_id_lifetime_end_ms ON tag (manifest_id, lifetime_end_ms);
CREATE INDEX namespaceautoprunepolicy_namespace_id ON namespaceautoprunepolicy (namespace_id);
CREATE INDEX repositoryautoprunepolicy_repository_id ON repositoryautoprunepolicy (repository_id);
CREATE INDEX organizationrhskus_subscription_id ON organizationrhskus (subscription_id);
CREATE UNIQUE INDEX tagpullstatistics_repository_id_tag_name ON tagpullstatistics (repository_id, tag_name);
CREATE UNIQUE INDEX manifestpullstatistics_repository_id_manifest_digest ON manifestpullstatistics (repository_id, manifest_digest);
CREATE UNIQUE INDEX orgmirrorconfig_organization_id ON orgmirrorconfig (organization_id);
CREATE INDEX orgmirrorconfig_internal_robot_id ON orgmirrorconfig (internal_robot_id);
CREATE INDEX orgmirrorconfig_sync_status ON orgmirrorconfig (sync_status);
CREATE INDEX orgmirrorconfig_sync_start_date ON orgmirrorconfig (sync_start_date);
CREATE INDEX orgmirrorrepository_org_mirror_config_id ON orgmirrorrepository (org_mirror_config_id);
CREATE INDEX orgmirrorrepository_repository_id ON orgmirrorrepository (repository_id);
CREATE INDEX orgmirrorrepository_sync_status ON orgmirrorrepository (sync_status);
CREATE UNIQUE INDEX orgmirrorrepository_config_repo_name ON orgmirrorrepository (org_mirror_config_id, repository_name);
CREATE INDEX orgmirrorrepository_config_status ON orgmirrorrepository (org_mirror_config_id, sync_status);
CREATE INDEX namespaceimmutabilitypolicy_namespace_id ON namespaceimmutabilitypolicy (namespace_id);
CREATE UNIQUE INDEX namespaceimmutabilitypolicy_uuid ON namespaceimmutabilitypolicy (uuid);
CREATE INDEX repositoryimmutabilitypolicy_repository_id ON repositoryimmutabilitypolicy (repository_id);
CREATE INDEX repositoryimmutabilitypolicy_namespace_id ON repositoryimmutabilitypolicy (namespace_id);
CREATE UNIQUE INDEX repositoryimmutabilitypolicy_uuid ON repositoryimmutabilitypolicy (uuid);
CREATE UNIQUE INDEX organizationcontactemail_organization_id ON organizationcontactemail (organization_id);
CREATE INDEX organizationcontactemail_contact_email ON organizationcontactemail (contact_email);
CREATE UNIQUE INDEX user_email_unique_non_org ON "user"(email) WHERE organization = false;
CREATE INDEX user_email_idx ON user (email);
CREATE INDEX oauthaccesstoken_application_id_last_accessed ON oauthaccesstoken (application_id, last_accessed);
CREATE INDEX namespacenotification_uuid ON namespacenotification (uuid);
CREATE INDEX namespacenotification_namespace_id ON namespacenotification (namespace_id);
CREATE INDEX quotanotificationstate_namespace_id ON quotanotificationstate (namespace_id);
CREATE UNIQUE INDEX quotanotificationstate_namespace_threshold ON quotanotificationstate (namespace_id, threshold_percent);
COMMIT;
